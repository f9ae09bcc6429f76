import { maxTokens } from "../../../packages/accounts/src/addresses/verified-addresses.ts";
import { untoldWithdrawalsMax } from "../../../packages/accounts/src/external-jwt/withdrawn-elsewhere.ts";
import {
  endRememberedMs,
  endsPerUserMax,
  ownWaitingRecordsMax,
  sessionsPerUserMax,
  streamEntriesMax,
  waitingRecordsMax,
} from "../../../packages/cluster/src/bounds.ts";
import { patienceMs, stepsUnderWayMax } from "../../../packages/cluster/src/shared/remote-shared-memory.ts";
import { sharedBounds } from "../../../packages/cluster/src/shared/shared-bounds.ts";
import { mergedMax } from "../../../packages/core/src/engine/cluster/cluster-calls.ts";
import { foreignCallsMax } from "../../../packages/core/src/engine/cluster/foreign-calls.ts";
import { forwardedInputsMax } from "../../../packages/core/src/engine/cluster/forwarded-inputs.ts";
import { takenInputsMax } from "../../../packages/core/src/engine/cluster/homes/home-call.ts";
import { untoldNewsMax } from "../../../packages/core/src/engine/cluster/live-news.ts";
import { knownPresenceMax } from "../../../packages/core/src/engine/cluster/presence/cluster-presence.ts";
import { gatedMax } from "../../../packages/core/src/engine/cluster/version-gate.ts";
import { count, minutes, seconds } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const stores = "packages/cluster/test/conformance/bounds.ts";
const shared = "packages/cluster/test/shared/shared-conformance.ts";
const engine = "packages/core/test/engine/cluster/bounds.test.ts";

export const severalNodes: ShownRows = {
  "users whose presence on other nodes a node remembers": {
    figures: [count(knownPresenceMax)],
    shown: {
      "packages/core/test/engine/cluster/cluster-presence.test.ts":
        "is of so many users, and of one more that of the one who was heard of longest ago is forgotten",
    },
  },
  "of those, the ones that a node knows to be its own": {
    figures: [count(ownWaitingRecordsMax)],
    shown: {
      "packages/cluster/test/node/own-records.test.ts":
        "a node remembers so many records of its own, and of one more it leaves the oldest to the others",
    },
  },
  "what a node has still to read (`q:`)": {
    figures: [count(streamEntriesMax)],
    shown: { [stores]: "so many entries wait in a node's stream, and of one more the oldest is dropped" },
  },
  "records that wait in Redis for the database": {
    figures: [count(waitingRecordsMax)],
    shown: { [stores]: "so many records wait for the database, and one more is left to the disk of its node" },
  },
  "ends of a user's calls that are remembered for all nodes": {
    figures: [count(endsPerUserMax), minutes(endRememberedMs)],
    shown: { [stores]: "so many ends of a user's calls are remembered, and of one more the oldest is forgotten" },
  },
  "sessions of one user on all nodes": {
    figures: [count(sessionsPerUserMax)],
    shown: {
      "packages/cluster/test/conformance/locks.ts":
        "joins of a user are counted, and one session more than there may be is refused",
    },
  },
  "calls elsewhere that a node knows the home of": {
    figures: [count(foreignCallsMax)],
    shown: { [engine]: "is so many calls, and of one more it forgets the oldest without a session here" },
  },
  "inputs for calls elsewhere that no home has taken in": {
    figures: [count(forwardedInputsMax)],
    shown: { [engine]: "is so many inputs that nobody has taken in, and one more is refused" },
  },
  "of one call, inputs from other nodes that its home remembers to have taken in": {
    figures: [count(takenInputsMax)],
    shown: {
      [engine]: "is so many forwarded inputs of a call that were taken in, and of one more it forgets the oldest",
    },
  },
  "versions of calls that sessions were told of": {
    figures: [count(gatedMax)],
    shown: { [engine]: "is the version that each session was told of, and of one too many it forgets the oldest" },
  },
  "attempts that were merged into a call elsewhere": {
    figures: [count(mergedMax)],
    shown: {
      [engine]: "is so many attempts that were merged into calls elsewhere, and of one more it forgets the oldest",
    },
  },
  "news for other nodes (a token that ended, a person who changed) that could not be told yet": {
    figures: [count(untoldNewsMax)],
    shown: {
      "packages/core/test/engine/cluster/live-news.test.ts":
        "news that cannot be told are told later, so many of them: with one more the oldest is forgotten",
    },
  },
  "withdrawn tokens of the host product that the others could not be told of yet": {
    figures: [count(untoldWithdrawalsMax)],
    shown: {
      "packages/accounts/test/shared/shared-withdrawals.test.ts":
        "so many withdrawals wait for the others, and with one more the first is left out",
    },
  },
  "clients, numbers and invitations whose codes and wrong tries are counted": {
    figures: [count(sharedBounds.limitedKeysMax)],
    shown: {
      [shared]: "so many keys of a limit are counted, and with one more the one that was quiet longest is forgotten",
    },
  },
  "users whose questions about strangers are counted": {
    figures: [count(sharedBounds.askersMax)],
    shown: {
      [shared]:
        "so many users ask about strangers on a day, and one more is refused, for to forget one would give a second quota",
    },
  },
  "addresses at which a user's tokens were used": {
    figures: [count(sharedBounds.addressesPerUserMax), count(maxTokens)],
    shown: {
      [shared]: [
        "so many addresses of a user are remembered, and with one more the one that was used least lately is forgotten",
        "the tokens that came from an address are told, the last one first, and of one more the oldest is forgotten",
      ],
    },
  },
  "withdrawn tokens of the host product": {
    figures: [count(sharedBounds.withdrawnMax)],
    shown: {
      [shared]:
        "so many withdrawn tokens are remembered, and with one more the one that was withdrawn first is forgotten",
    },
  },
  "questions of one node about what is counted that wait for Redis": {
    figures: [count(stepsUnderWayMax), seconds(patienceMs)],
    shown: {
      "packages/cluster/test/store/remote-shared-memory.test.ts":
        "so many questions wait for a store that is silent, one more is refused at once, and none waits for long",
    },
  },
};
