import { limits } from "@echoo/protocol";
import { withdrawalBounds } from "../../../packages/accounts/src/external-jwt/revoked-external-tokens.ts";
import { codeBudget } from "../../../packages/accounts/src/limits/code-budget.ts";
import { strangersPerDay } from "../../../packages/accounts/src/limits/stranger-quota.ts";
import { codeLimits } from "../../../packages/accounts/src/registration/codes.ts";
import { maxTokensPerUser } from "../../../packages/accounts/src/tokens/tokens.ts";
import { unansweredBounds } from "../../../packages/core/src/arbiter/unanswered-calls.ts";
import { confirmMs } from "../../../packages/core/src/call/push/push-steps.ts";
import { ringBudgetBounds } from "../../../packages/core/src/engine/push/ring-budget.ts";
import { pageReturnMs, proofMs } from "../../../packages/core/src/engine/sessions/session-life.ts";
import { sessionsPerUserMax } from "../../../packages/core/src/engine/sessions/session-registry.ts";
import { usualLimits as heavyReadLimits } from "../../../packages/server/src/http/replies/heavy-reads.ts";
import { usualRates } from "../../../packages/server/src/http/requests/request-limits.ts";
import { largeFrameBounds } from "../../../packages/server/src/ws/limits/large-frames.ts";
import { userBudgetBounds } from "../../../packages/server/src/ws/limits/user-budgets.ts";
import { count, kib, mib, minutes, seconds } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const codeBudgetTests = "packages/accounts/test/limits/code-budget.test.ts";
const codeTests = "packages/accounts/test/registration/codes.test.ts";
const pages = "packages/core/test/engine/pages.test.ts";
const postedCalls = "packages/server/test/slow/posted-calls.test.ts";
const enginePushes = "packages/core/test/engine/push.test.ts";
const pushDeviceTests = "packages/server/test/http/push-devices.test.ts";
const unansweredCalls = "packages/core/test/arbiter/unanswered-calls.test.ts";
const largeFrameTests = "packages/server/test/ws/large-frames.test.ts";

export const oneUser: ShownRows = {
  "a page that was closed, until it is loaded anew": {
    figures: [seconds(pageReturnMs)],
    shown: { [pages]: "ends its call, as its hangup, where no page comes back within ten seconds" },
  },
  "a session whose device joins anew without naming it, until its client answers a ping": {
    figures: [seconds(proofMs)],
    shown: {
      [pages]: [
        "ends within five seconds what the page before left, so that nobody else hears busy for long",
        "leaves another tab of its device in its call: that one shows a sign of life",
      ],
    },
  },
  "requests with a token": {
    figures: [count(usualRates.perUser)],
    shown: {
      "packages/server/test/http/http-rules.test.ts":
        "too many requests of one user are 429 with Retry-After, another user's go on",
      "packages/server/test/web/rate-counter.test.ts":
        "so many are allowed in a minute, and one more is told when to come back",
    },
  },
  "messages over all sockets, those that are gone included": {
    figures: [
      userBudgetBounds.socketsWorth === 4 ? "four times" : `${userBudgetBounds.socketsWorth} times`,
      seconds(userBudgetBounds.longestPauseMs),
    ],
    shown: {
      "packages/server/test/ws/user-budgets.test.ts": [
        `is shared by those who come one after the other, over \${wire}`,
        "is waited for ten seconds at most, however much was sent",
      ],
    },
  },
  "unanswered calls to one callee": {
    figures: [
      count(unansweredBounds.freeToCallee),
      seconds(unansweredBounds.firstPauseMs),
      minutes(unansweredBounds.longestPauseMs),
      `${count(unansweredBounds.forgottenAfterMs / 3_600_000)} hours`,
    ],
    shown: {
      [unansweredCalls]: [
        "are free ten times, and then wait twice as long each time, up to half an hour",
        "are forgotten after six hours without another, and not before",
      ],
    },
  },
  "unanswered calls to all callees": {
    figures: [count(unansweredBounds.callerBurst), seconds(unansweredBounds.callerEveryMs)],
    shown: { [unansweredCalls]: "come to thirty of one caller, to whomever, and then to one in twenty seconds" },
  },
  sessions: {
    figures: [count(sessionsPerUserMax)],
    shown: {
      "packages/core/test/engine/join-bounds.test.ts": [
        "are so many, and one more is refused while all of them are here",
        "past their bound make room with one whose socket is gone, rather one without a call",
      ],
    },
  },
  tokens: {
    figures: [count(maxTokensPerUser)],
    shown: {
      "packages/accounts/test/tokens/tokens.test.ts": "one token more than the most a user may have costs the oldest",
    },
  },
  "logouts of single tokens of the host product that are remembered until those would have ended": {
    figures: [count(withdrawalBounds.maxOfOwner)],
    shown: {
      "packages/testkit/src/conformance/store/accounts/withdrawals-conformance.ts":
        "an owner has so many withdrawals, and one more is not kept",
      "packages/accounts/test/external-jwt/revoked-external-tokens.test.ts":
        "a user who logs out more tokens than are kept has all of them logged out",
    },
  },
  "strangers asked about (profiles, contacts, `checkUser`)": {
    figures: [count(strangersPerDay)],
    shown: {
      "packages/accounts/test/limits/stranger-quota.test.ts":
        "a user may ask about 200 distinct people a day, about each as often as they like",
    },
  },
  "contacts, blocks": {
    figures: [count(limits.contactsPerUser), count(limits.blocksPerUser)],
    shown: { "packages/server/test/http/contacts-and-blocks.test.ts": "a full list takes no more" },
  },
  "devices to push to": {
    figures: [count(limits.pushDevicesPerUser)],
    shown: {
      [pushDeviceTests]: "a user has ten devices; one more takes the place of the one that was registered longest ago",
      "packages/testkit/src/conformance/store/accounts/push-devices-conformance.ts":
        "beyond the bound of a user that device goes which was registered longest ago",
    },
  },
  "the address of a browser's push service, the token of another one, the language of a device, a ticket": {
    figures: [limits.pushEndpointChars, limits.pushTokenChars, limits.localeChars, limits.ticketChars].map(count),
    shown: { [pushDeviceTests]: "what is no subscription is refused, and what the server has no key for" },
  },
  "calls that wake one callee's devices by a push": {
    figures: [count(ringBudgetBounds.rings), minutes(ringBudgetBounds.withinMs)],
    shown: {
      [enginePushes]: "has room for eight calls of a pair in five minutes, however many devices each of them wakes",
      "packages/core/test/call/push.test.ts":
        "is not begun for a caller who had this callee woken too often, who sees no difference",
    },
  },
  "a stop to a device that is connected, until it is pushed as well": {
    figures: [seconds(confirmMs)],
    shown: {
      "packages/core/test/call/push.test.ts": "waits twenty seconds for a device on a live socket, which is told there",
    },
  },
  "codes for one number, by one client": {
    figures: [count(codeBudget.perAskerAnHour)],
    shown: {
      [codeBudgetTests]: [
        "a code is sent again after 30 seconds, and the refusal says when",
        "a client gets five codes an hour for a number, and refused requests do not count",
      ],
    },
  },
  "codes for one number, by all strangers": {
    figures: [codeBudget.byStrangersAnHour, codeBudget.repeatedAnHour, codeBudget.byStrangersADay].map(count),
    shown: {
      [codeBudgetTests]: [
        "strangers get ten codes an hour for a number, of which five are for who had none within the hour",
        "strangers get forty codes a day for a number",
        "a client at an address where a token of the number was used is not held up by strangers",
      ],
    },
  },
  "tries of a code": {
    figures: [count(codeLimits.tries), count(codeLimits.othersTries)],
    shown: {
      [codeTests]: [
        "after three wrong tries of the client that asked the right code is wrong as well, with its challenge too",
        "who has moved and has no challenge has two tries, which all share who did not ask",
      ],
    },
  },
  "tries of the code of an invitation, which no client asked for": {
    figures: [count(codeLimits.tries + codeLimits.othersTries)],
    shown: {
      "packages/server/test/app/app-invited.test.ts":
        "a code of an invitation is tried five times, whoever tries, and is over with its link",
    },
  },
  "codes of one number that wait": {
    figures: [count(codeLimits.pendingOfNumber), `${codeLimits.expiresInSec / 60} minutes`],
    shown: {
      [codeBudgetTests]: "of one number so many codes wait at once, and the oldest goes first",
      [codeTests]: "a code lives five minutes",
    },
  },
  "calls that a client posted and the server did not see (`POST /api/calls`)": {
    figures: [count(limits.postedCallsPerUser)],
    shown: {
      [postedCalls]:
        "one posted call past those that are kept makes the oldest go, and one that is older than all is refused",
      "packages/testkit/src/conformance/store/calls/reports-conformance.ts":
        "of what a user posts the newest calls are kept, and what the server saw is not counted",
    },
  },
  "new ones of them": {
    figures: [count(limits.postedCallsPerDay)],
    shown: {
      [postedCalls]:
        "one new posted call past a day's is refused with the time to come back, and known ones are not counted",
    },
  },
  "whole histories, statistics and samples of a call that are read": {
    figures: [count(heavyReadLimits.openPerUser - 1)],
    shown: {
      "packages/server/test/http/heavy-reads.test.ts":
        "one read past the bounds, a user's or the server's, is refused with the time to come back; the others go on",
    },
  },
  "samples of calls, whichever way they come": {
    figures: [count(limits.samplesPerUserDay)],
    shown: {
      "packages/core/test/quality/sample-intake.test.ts":
        "are bounded by user and day: one more than the bound is refused, with how long the day still lasts",
      "packages/core/test/engine/statistics.test.ts":
        "is bounded by user and day, by whichever way it comes, and says when more is taken",
    },
  },
};

export const largeFrames: ShownRows = {
  "large frames of one user under way at once": {
    figures: [count(largeFrameBounds.atOncePerUser)],
    shown: { [largeFrameTests]: "are two of one user, and one more cuts off the first of that user's alone" },
  },
  "those of all users": {
    figures: [mib(largeFrameBounds.bytesAtOnce)],
    shown: { [largeFrameTests]: "have a room together, and past it the one that began first is cut off" },
  },
  "time for one": {
    figures: [seconds(largeFrameBounds.longestMs)],
    shown: { [largeFrameTests]: "have a minute, and leave no timer behind" },
  },
  "bytes of one user in them": {
    figures: [mib(largeFrameBounds.userBurstBytes), kib(largeFrameBounds.userBytesPerSec)],
    shown: {
      [largeFrameTests]: "cost a user who sends many of them a while in which the socket is not read, over all sockets",
    },
  },
};
