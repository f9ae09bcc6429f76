import { maxRemembered, maxTokens } from "../../../packages/accounts/src/addresses/verified-addresses.ts";
import { maxTextChars } from "../../../packages/accounts/src/audit/redaction.ts";
import { maxKeys } from "../../../packages/accounts/src/external-jwt/external-jwt-keys.ts";
import { keySetBytesMax } from "../../../packages/accounts/src/external-jwt/fetch-key-set.ts";
import { maxAskers } from "../../../packages/accounts/src/limits/stranger-quota.ts";
import { maxRevoked } from "../../../packages/accounts/src/tokens/tokens.ts";
import { countedUsersMax } from "../../../packages/core/src/quality/sample-intake.ts";
import { maxUnderWay } from "../../../packages/server/src/code-gateway/otp-webhook.ts";
import { maxCounted } from "../../../packages/server/src/http/requests/posting-quota.ts";
import { waitingCharsMax, waitMs } from "../../../packages/server/src/observability/gathered-lines.ts";
import { logBounds } from "../../../packages/server/src/observability/log-quota.ts";
import { largeFrameBounds } from "../../../packages/server/src/ws/limits/large-frames.ts";
import { journalBounds } from "../../../packages/storage/src/journal/journal-bounds.ts";
import { rememberedCallsMax } from "../../../packages/storage/src/records/group-settler.ts";
import { recordBounds } from "../../../packages/storage/src/records/record-bounds.ts";
import { logPagesMax } from "../../../packages/storage/src/sqlite/log-copier.ts";
import { count, kib, mib } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const followed = "packages/storage/test/records/followed-bounds.test.ts";
const remembered = "packages/accounts/test/remembered-bounds.test.ts";

/** Of the table "The whole server": what it remembers. */
export const serverMemory: ShownRows = {
  "users whose samples, and whose posted calls, are counted by themselves": {
    figures: [count(countedUsersMax), count(maxCounted)],
    shown: {
      "packages/core/test/quality/sample-intake.test.ts":
        "are counted for so many users, and those beyond share one count until a day is over",
      "packages/server/test/http/posting-quota.test.ts":
        "users past those that are counted share one count, and those who were counted before keep theirs",
    },
  },
  "users whose questions about strangers are counted": {
    figures: [count(maxAskers)],
    shown: {
      "packages/accounts/test/limits/stranger-quota.test.ts":
        "when more people ask than the table holds, a new one waits until tomorrow instead of opening it to everyone",
    },
  },
  "addresses that used a token of a user, for `ECHOO_LEGACY_JOIN=verified-address`": {
    figures: [count(maxRemembered), count(maxTokens)],
    shown: {
      [remembered]:
        "so many users' addresses are remembered, and with one more the one that was used least lately is forgotten",
    },
  },
  "revoked tokens that are remembered for those who are just coming in": {
    figures: [count(maxRevoked)],
    shown: {
      [remembered]:
        "so many revoked tokens are remembered, and with one more the one that was revoked first is forgotten",
    },
  },
  "keys that the host product publishes": {
    figures: [count(maxKeys), kib(keySetBytesMax)],
    shown: {
      [remembered]: "of the keys that are published the first so many count, and one more does not",
      "packages/accounts/test/external-jwt/published-keys.test.ts":
        "a key set of as many bytes as are read counts, and one byte more is none",
    },
  },
  "codes under way to the gateway": {
    figures: [count(maxUnderWay)],
    shown: {
      "packages/server/test/code-gateway/otp-webhook.test.ts":
        "a gateway that says nothing is given up after 8 seconds, and 100 at once are the most",
    },
  },
  "sides of calls whose summaries are followed": {
    figures: [count(recordBounds.followedSides)],
    shown: {
      [followed]:
        "so many sides' summaries are followed, and with one more the one that was begun first is merely begun anew",
    },
  },
  "calls whose parties are remembered while their statistics are stored": {
    figures: [count(rememberedCallsMax)],
    shown: {
      [followed]: "so many calls' parties are remembered, and with one more those of the first are looked up again",
    },
  },
  "the write-ahead log of `echoo.db`, and of `journal.db`": {
    figures: [mib(logPagesMax * 4096)],
    shown: {
      "packages/storage/test/store/log-copier.test.ts":
        "a log that is full is copied though it is never quiet, and one page less of it is not",
    },
  },
  "what is kept in memory while the disk fails": {
    figures: [journalBounds.unwrittenEnded, journalBounds.unwrittenSamples, journalBounds.unwrittenReports].map(count),
    shown: {
      "packages/storage/test/journal/journal-faults.test.ts":
        "what waits in memory for a broken disk is bounded, and what does not fit is counted",
    },
  },
  "users whose large frames are counted": {
    figures: [count(largeFrameBounds.followedUsers)],
    shown: {
      "packages/server/test/ws/large-frames.test.ts":
        "cost a user who sends many of them a while in which the socket is not read, over all sockets",
    },
  },
  "kinds of lines that the log tells apart": {
    figures: [count(logBounds.kinds)],
    shown: { "packages/server/test/observability/log-quota.test.ts": "more kinds than are told apart count together" },
  },
  "the log waits for more lines before it is written": {
    figures: [`${waitMs} ms`, count(waitingCharsMax)],
    shown: {
      "packages/server/test/observability/gathered-lines.test.ts": "16,384 characters do not wait, and one less do",
    },
  },
  "a text in a line of the log": {
    figures: [count(maxTextChars)],
    shown: {
      "packages/server/test/observability/logging.test.ts":
        "of a text so many characters are written, and of one more the first as many",
    },
  },
};
