import { limits, messageRates } from "@echoo/protocol";
import { questionsMax } from "../../../packages/core/src/engine/engine.ts";
import { listedUsersMax } from "../../../packages/core/src/engine/visible-users.ts";
import { readConfig } from "../../../packages/server/src/config/read-config.ts";
import { framePieces } from "../../../packages/server/src/ws/limits/frame-gauge.ts";
import { missedMax } from "../../../packages/server/src/ws/running/heartbeat.ts";
import { sendQueueBytesMax } from "../../../packages/server/src/ws/socket-link.ts";
import { fragmentsMax } from "../../../packages/server/src/ws/ws-gateway.ts";
import { count, kib, mib, seconds } from "./figures.ts";
import type { ShownRow, ShownRows } from "./shown-rows.ts";

const hostileFrames = "packages/server/test/hostile/hostile-frames.test.ts";
const hostileMessages = "packages/server/test/hostile/hostile-messages.test.ts";
const socketTests = "packages/server/test/ws/limits.test.ts";

function rate({ burst, perSec }: { readonly burst: number; readonly perSec: number }): ShownRow {
  const title = `for \${counts} lets so many come at once, and one more waits for its share of a second`;
  return {
    figures: [count(burst), count(perSec)],
    shown: { "packages/server/test/ws/flood-guard.test.ts": title },
  };
}

const joinMs = [{ NODE_ENV: "production", ECHOO_PUBLIC_URL: "https://calls.example" }, {}].map(
  (env) => readConfig(env, []).joinMs,
);

export const socketBounds: ShownRows = {
  ...Object.fromEntries(Object.values(messageRates).map((one) => [one.counts, rate(one)])),
  "a frame before the join": {
    figures: [kib(limits.unjoinedFrameBytes), kib(limits.frameBytes)],
    shown: {
      [hostileMessages]:
        "before the join a frame one byte above the limit closes the socket, when it is whole or sooner",
      [socketTests]: "a frame that is long is refused unread before its sender has joined, and read afterwards",
    },
  },
  "a frame after it": {
    figures: [
      ...[limits.frameBytes, limits.descriptionFrameBytes, limits.statsFrameBytes, limits.watchFrameBytes].map(kib),
      mib(limits.callStatsFrameBytes),
    ],
    shown: {
      "packages/protocol/test/bounds.test.ts":
        "a message larger than those of its type may be is refused by its name, and of that size alone",
      [hostileMessages]: "a frame one byte above the limit is refused by its name, and its socket goes on",
    },
  },
  "a frame at all": {
    figures: [mib(limits.skippedFrameBytes)],
    shown: {
      [hostileMessages]:
        "a frame one byte above what is read to its end closes the socket with 1009, or cuts a legacy session",
    },
  },
  "lists and objects in each other": {
    figures: [count(limits.jsonLevels)],
    shown: { [socketTests]: "a frame of many levels is refused, before its sender has joined and after" },
  },
  "fragments of a message": {
    figures: [count(fragmentsMax)],
    shown: { [hostileFrames]: "a message in as many fragments as are taken is one, and one more ends its socket" },
  },
  "pieces that a frame comes in": {
    figures: [count(framePieces.free), `${framePieces.bytesForOneMore} bytes`],
    shown: {
      "packages/server/test/ws/large-frames.test.ts":
        "ends a drip: pieces of a few bytes each, but not a slow network's",
    },
  },
  "questions that wait for the database": {
    figures: [count(questionsMax)],
    shown: {
      "packages/core/test/engine/offer-rules.test.ts":
        "waits for what its device asked, once that is more than eight questions",
    },
  },
  "users in a list (`userList`)": {
    figures: [count(listedUsersMax)],
    shown: {
      "packages/core/test/engine/user-lists.test.ts":
        "sees everybody while 200 are here, and its own people alone beyond that",
    },
  },
  "what waits to be sent to a reader that does not read": {
    figures: [mib(sendQueueBytesMax)],
    shown: {
      "packages/server/test/ws/socket-link.test.ts":
        "a reader who is behind by as much as is kept goes on, and by one byte more is closed with 4429",
    },
  },
  "messages kept for a resume": {
    figures: [count(limits.resumeQueueMessages), kib(limits.resumeQueueBytes)],
    shown: {
      "packages/core/test/engine/resume-queue.test.ts": [
        "keeps 256 messages and 256 KiB, and neither one more",
        "keeps its newest message however long it is, and then only that one",
      ],
    },
  },
  "the same, for a client of the older wire, which cannot resume": {
    shown: {
      "packages/core/test/engine/legacy.test.ts":
        "that is heard of now and then keeps nothing of what it was sent, though it never confirms any of it",
    },
  },
  "time to join": {
    figures: joinMs.map(seconds),
    shown: {
      [socketTests]:
        "who does not join in time hears why, is closed with 4408, and cut within a second without an answer",
    },
  },
  "unanswered pings": {
    figures: [count(missedMax)],
    shown: {
      "packages/server/test/ws/heartbeat.test.ts":
        "a silent link is dead after two unanswered pings and a quarter of a period, not before",
    },
  },
};
