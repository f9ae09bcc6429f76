import { limits } from "@echoo/protocol";
import { maxMessages } from "../../../packages/client/src/connection/outbox.ts";
import { tombstonesMax } from "../../../packages/core/src/arbiter/finished-calls.ts";
import { unansweredBounds } from "../../../packages/core/src/arbiter/unanswered-calls.ts";
import { endedListedMax } from "../../../packages/core/src/engine/call-summaries.ts";
import { journalledChangeCharsMax, journalledChangesMax } from "../../../packages/core/src/engine/journalled-calls.ts";
import { ringBudgetBounds } from "../../../packages/core/src/engine/push/ring-budget.ts";
import { userBudgetBounds } from "../../../packages/server/src/ws/limits/user-budgets.ts";
import { journalBounds } from "../../../packages/storage/src/journal/journal-bounds.ts";
import { recordBounds } from "../../../packages/storage/src/records/record-bounds.ts";
import { count, mib } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const keptCandidates = "packages/core/test/call/kept-candidates.test.ts";
const outbox = "packages/testkit/src/conformance/journal/outbox-conformance.ts";
const inTheQueue = "past their bounds the oldest samples go, and of records and reports the newest; each is counted";

export const whichEndGoes: ShownRows = {
  "messages for a resume": {
    shown: { "packages/core/test/engine/resume-queue.test.ts": "keeps 256 messages and 256 KiB, and neither one more" },
  },
  candidates: {
    shown: {
      [keptCandidates]: [
        "make room for relays and the end, which come last: the newest host goes first",
        "do not make room for one that is worth no more than the least of them",
      ],
    },
  },
  "samples of a call in the SDK while the link is down": {
    shown: {
      "packages/client/test/statistics.test.ts": "wait while the server is away, the newest two minutes of them",
    },
  },
  "what the SDK wants to say while the link is down (512 messages)": {
    figures: [count(maxMessages)],
    shown: {
      "packages/client/test/delivery.test.ts": "gives up at 512 unconfirmed messages instead of growing without end",
      "packages/client/test/message-size.test.ts": [
        "takes no more, so that nothing is missing in the middle",
        "takes the end of a call all the same, in place of what else was said of it",
      ],
    },
  },
  "events of one side": {
    shown: {
      "packages/core/test/verdict/verdict-properties.test.ts":
        "keeps the first 150 and the newest 50 by number, and counts the others",
    },
  },
  "samples of one side": {
    shown: {
      "packages/storage/test/records/side-samples.test.ts":
        "past the bound are thinned out evenly, in the store too: both ends of the call stay",
    },
  },
  "samples in a report that are too many": {
    shown: {
      "packages/protocol/test/bounds.test.ts":
        "of more samples than a report may have as many are taken, evenly, with both ends of the call",
    },
  },
  "samples that wait for the database (100,000 batches, 256 MiB)": {
    figures: [count(journalBounds.queuedSamples), mib(journalBounds.queuedSampleChars)],
    shown: { [outbox]: inTheQueue },
  },
  "records (500,000, 512 MiB) and reports (100,000, 64 MiB) that wait for the database": {
    figures: [
      ...[count(journalBounds.queuedRecords), mib(journalBounds.queuedRecordChars)],
      ...[count(journalBounds.queuedReports), mib(journalBounds.queuedReportChars)],
    ],
    shown: { [outbox]: inTheQueue },
  },
  "figures of sides in memory (800,000 samples)": {
    figures: [count(recordBounds.rememberedSamples)],
    shown: {
      "packages/storage/test/records/side-samples.test.ts":
        "figures that were not used for longest go first, and those in use stay however many they are",
    },
  },
  "users watched (200)": {
    figures: [count(limits.watchedUsers)],
    shown: {
      "packages/core/test/presence/presence-board.test.ts": "watches at most as many as it may, and those it has stay",
    },
  },
  "ended calls that a join is told of (50)": {
    figures: [count(endedListedMax)],
    shown: {
      "packages/core/test/engine/join-bounds.test.ts":
        "of more ended calls than a join is told of it is told of the newest",
    },
  },
  "users whose messages are counted (100,000)": {
    figures: [count(userBudgetBounds.followedUsers)],
    shown: {
      "packages/server/test/ws/user-budgets.test.ts":
        "is followed for so many users, and the one who has been quiet longest is forgotten first",
    },
  },
  "pairs, and callers, whose unanswered calls are counted (100,000 each)": {
    figures: [count(unansweredBounds.countedPairs), count(unansweredBounds.countedCallers)],
    shown: {
      "packages/core/test/arbiter/unanswered-calls.test.ts": [
        "are counted for so many pairs, and the one that has been quiet longest is forgotten first",
        "are counted for so many callers, and the one that has been quiet longest is forgotten first",
      ],
    },
  },
  "pairs whose pushed calls are counted (100,000)": {
    figures: [count(ringBudgetBounds.countedPairs)],
    shown: {
      "packages/core/test/engine/push.test.ts":
        "counts so many pairs, and forgets the one first that has been quiet longest",
    },
  },
  "tombstones of calls (100,000)": {
    figures: [count(tombstonesMax), count(journalBounds.tombstones)],
    shown: {
      "packages/core/test/arbiter/call-index.test.ts": "forgets the oldest past its bound, and no more than those",
      "packages/testkit/src/conformance/journal/live-conformance.ts":
        "of more tombstones than the bound the oldest are forgotten",
    },
  },
  "changes of a call that the journal has beside it (64, 65,536 characters)": {
    figures: [count(journalledChangesMax), count(journalledChangeCharsMax)],
    shown: {
      "packages/core/test/engine/journal-cost.test.ts":
        "after so many changes, or characters of them, a call is written whole",
    },
  },
  "entries of the journal that were set aside (10,000, 64 MiB; 500 characters of why)": {
    figures: [
      ...[count(journalBounds.setAsideEntries), mib(journalBounds.setAsideBytes)],
      count(journalBounds.setAsideWhyChars),
    ],
    shown: {
      "packages/storage/test/journal/damaged-rows.test.ts":
        "of more that is set aside than the bounds, in entries and in bytes, the oldest goes",
    },
  },
};
