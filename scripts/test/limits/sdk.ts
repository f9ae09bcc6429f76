import { limits } from "@echoo/protocol";
import { maxCalls, maxEnded } from "../../../packages/client/src/call/call-index.ts";
import { maxWaiting } from "../../../packages/client/src/connection/operation-queue.ts";
import { repliesMax } from "../../../packages/client/src/connection/replies.ts";
import { maxIdChars } from "../../../packages/client/src/devices/chosen-devices.ts";
import { takenMax, waitingMax } from "../../../packages/client/src/peer/remote-candidates.ts";
import { maxKept } from "../../../packages/client/src/statistics/call-statistics.ts";
import { maxCalls as shownCalls } from "../../../packages/react/src/stores/history-store.ts";
import { count } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const callBook = "packages/client/test/call-index.test.ts";
const remoteCandidates = "packages/client/test/remote-candidates.test.ts";

export const sdk: ShownRows = {
  "calls at once, ringing ones included": {
    figures: [count(maxCalls)],
    shown: {
      [callBook]: "ring up to a bound, past which the newest is not shown and those that are shown go on",
    },
  },
  "calls that ended, remembered so that none rings again": {
    figures: [count(maxEnded)],
    shown: { [callBook]: "that ended are remembered up to a bound, past which the oldest is forgotten" },
  },
  "steps of one call that wait for the one before": {
    figures: [count(maxWaiting)],
    shown: { "packages/client/test/operation-queue.test.ts": "takes 512 operations and refuses the next" },
  },
  "questions that wait for an answer (`checkUser` and the like)": {
    figures: [count(repliesMax)],
    shown: {
      "packages/client/test/replies.test.ts":
        "so many questions wait for their answers, and one more is refused, whether about many users or about one",
    },
  },
  "users watched": {
    figures: [count(limits.watchedUsers)],
    shown: { "packages/client/test/directory.test.ts": "watches 200 users and refuses one more, and none twice" },
  },
  "candidates of the peer that wait for its description": {
    figures: [count(waitingMax)],
    shown: {
      [remoteCandidates]:
        "wait for the description up to a bound, past which the oldest go: relays and the end come last",
    },
  },
  "candidates of the peer that the browser is given in one negotiation": {
    figures: [count(takenMax)],
    shown: {
      [remoteCandidates]:
        "of one negotiation are given to the browser up to a bound, and those of the next up to it again",
    },
  },
  "characters of a device's id that is remembered for the next page": {
    figures: [count(maxIdChars)],
    shown: {
      "packages/client/test/chosen-devices.test.ts": "are none where the page before wrote something else there",
    },
  },
  "past calls that `useHistory` shows": {
    figures: [count(shownCalls)],
    shown: {
      "packages/react/test/lists.test.ts": "shows a thousand past calls, page by page, and then asks for no older ones",
    },
  },
  "samples of a call that its page can read": {
    figures: [count(maxKept)],
    shown: { "packages/client/test/statistics.test.ts": "are kept for the page, the last 300 of them" },
  },
};
