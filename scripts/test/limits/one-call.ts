import { limits } from "@echoo/protocol";
import { formerSessionsMax } from "../../../packages/core/src/call/leg-takeover.ts";
import { countedNamesMax } from "../../../packages/core/src/quality/hours/hour-count.ts";
import { hourGroupsMax } from "../../../packages/core/src/quality/hours/hour-groups.ts";
import { recordBounds } from "../../../packages/storage/src/records/record-bounds.ts";
import { count, kib } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const protocolBounds = "packages/protocol/test/bounds.test.ts";
const verdictProperties = "packages/core/test/verdict/verdict-properties.test.ts";
const transition = "packages/core/test/call/transition.test.ts";

export const oneCall: ShownRows = {
  "former sessions of a side, by which its client may still take the call over": {
    figures: [count(formerSessionsMax)],
    shown: {
      "packages/core/test/call/leg-takeover.test.ts":
        "remembers so many former sessions, and of one more forgets the oldest",
    },
  },
  "candidates kept of one side, for a device that comes or comes back": {
    figures: [count(limits.keptCandidates), kib(limits.keptCandidateChars)],
    shown: {
      [transition]: "keeps at most the candidates that the limits allow, and relays the rest",
      "packages/core/test/call/kept-candidates.test.ts": [
        "make room for relays and the end, which come last: the newest host goes first",
        "are bounded in characters as well, with the same ones going first",
      ],
    },
  },
  "candidates held for all the devices that ring": {
    figures: [kib(limits.heldCandidateChars)],
    shown: {
      [transition]: "holds no more candidates of all the devices that ring than their room, however many they are",
    },
  },
  "candidates of the caller that are passed on while it rings": {
    figures: [count(limits.relayedCandidates)],
    shown: {
      [transition]:
        "passes on so many candidates while it rings, and one more only where it is worth more than another",
    },
  },
  "samples in one message": {
    figures: [count(limits.samplesPerBatch), count(limits.uploadedSamples)],
    shown: {
      [protocolBounds]: `\${name} takes \${limit} and not one more`,
      "packages/protocol/test/rest-contract.test.ts": "an upload takes as many samples as its limit and not one more",
    },
  },
  "samples in the app's report (`callStats`)": {
    figures: [count(limits.reportedSamples)],
    shown: {
      [protocolBounds]: "of more samples than a report may have as many are taken, evenly, with both ends of the call",
    },
  },
  "samples of one side": {
    figures: [count(recordBounds.samplesPerSide), count(recordBounds.storedPerSide)],
    shown: {
      "packages/storage/test/records/side-samples.test.ts":
        "past the bound are thinned out evenly, in the store too: both ends of the call stay",
    },
  },
  "events in one report": {
    figures: [count(limits.reportEvents)],
    shown: { [protocolBounds]: `\${name} takes \${limit} and not one more` },
  },
  "events kept of one side, as its reports tell them": {
    figures: [
      count(limits.firstReportEvents),
      count(limits.newestReportEvents),
      kib(limits.firstReportChars + limits.newestReportChars),
    ],
    shown: {
      [verdictProperties]: [
        "keeps the first 150 and the newest 50 by number, and counts the others",
        "has at most 16 KiB, whatever its events hold",
      ],
    },
  },
  "reports of a call, after its end": {
    figures: [`${limits.reportAfterEndMs / 3_600_000} h`],
    shown: {
      "packages/server/test/http/verdicts.test.ts": "a report is taken for 24 h after the end of a call, and no longer",
    },
  },
  "names of networks, platforms and clients that an hour of quality over time tells apart": {
    figures: [count(countedNamesMax), count(hourGroupsMax)],
    shown: {
      "packages/core/test/quality/hours.test.ts": [
        "keeps the 50 largest groups of a dimension, and the others as one",
        "tells so many names apart while it counts, and one more is among the others",
      ],
    },
  },
  "calls whose verdict is told of 60 s after their end": {
    figures: [count(recordBounds.waitingVerdicts)],
    shown: { "packages/storage/test/records/verdicts.test.ts": "past the bound the oldest is told of at once" },
  },
  "the name of a codec in a sample": {
    figures: [count(limits.codecChars)],
    shown: {
      "packages/core/test/quality/sample-intake.test.ts": "keep of a codec's name what a codec's name may have",
    },
  },
};
