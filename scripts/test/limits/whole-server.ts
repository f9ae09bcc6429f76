import { limits } from "@echoo/protocol";
import { maxListedInMemory, maxPeopleInMemory } from "../../../packages/accounts/src/accounts.ts";
import {
  withdrawalBounds,
  withdrawnInMemoryMax,
} from "../../../packages/accounts/src/external-jwt/revoked-external-tokens.ts";
import { maxLimitedKeys } from "../../../packages/accounts/src/registration/proofs.ts";
import { searchedMax } from "../../../packages/core/src/arbiter/call-index.ts";
import { tombstonesMax } from "../../../packages/core/src/arbiter/finished-calls.ts";
import { endedListedMax } from "../../../packages/core/src/engine/call-summaries.ts";
import { replyBytesMax } from "../../../packages/server/src/composition/start-push.ts";
import { maxCalls as appListCalls, listedMax } from "../../../packages/server/src/http/app/app-call-routes.ts";
import { maxCalls } from "../../../packages/server/src/http/bodies/user-statistics.ts";
import { usualLimits as heavyReadLimits } from "../../../packages/server/src/http/replies/heavy-reads.ts";
import { pieceChars } from "../../../packages/server/src/http/replies/json-pieces.ts";
import { stalledMs } from "../../../packages/server/src/http/replies/reply-stream.ts";
import { logBounds } from "../../../packages/server/src/observability/log-quota.ts";
import { pushBounds } from "../../../packages/server/src/push/push-queue.ts";
import { sendMs } from "../../../packages/server/src/push/push-sender.ts";
import { unwantedBytesMax } from "../../../packages/server/src/web/connection-reader.ts";
import { keysMax } from "../../../packages/server/src/web/rate-counter.ts";
import { requestsPerTurn } from "../../../packages/server/src/web/request-pacing.ts";
import { webServerLimits } from "../../../packages/server/src/web/web-server.ts";
import { tellerBounds } from "../../../packages/server/src/webhooks/call-teller.ts";
import { webhookPostMs } from "../../../packages/server/src/webhooks/start-webhooks.ts";
import { senderBounds } from "../../../packages/server/src/webhooks/webhook-sender.ts";
import { offersPerTurn } from "../../../packages/server/src/ws/limits/offer-turns.ts";
import { unjoinedMax } from "../../../packages/server/src/ws/limits/unjoined-sockets.ts";
import { historyBounds } from "../../../packages/storage/src/records/record-bounds.ts";
import { webhookBounds } from "../../../packages/storage/src/webhooks/webhook-bounds.ts";
import { count, days, hours, kib, mib, seconds } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

const appLists = "packages/server/test/app/app-list-bounds.test.ts";
const callBook = "packages/core/test/arbiter/call-index.test.ts";
const connectionReader = "packages/server/test/web/connection-reader.test.ts";
const heavyReads = "packages/server/test/http/heavy-reads.test.ts";
const httpRules = "packages/server/test/http/http-rules.test.ts";
const logQuota = "packages/server/test/observability/log-quota.test.ts";
const webhookLife = "packages/testkit/src/conformance/store/webhooks/webhook-life-conformance.ts";
const webhookSender = "packages/server/test/webhooks/webhook-sender.test.ts";
const webServer = "packages/server/test/web/web-server.test.ts";
const historyTests = "packages/storage/test/store/history-bounds.test.ts";

export const wholeServer: ShownRows = {
  "pushes that wait for a push service": {
    figures: [count(pushBounds.waiting), count(pushBounds.underWay), seconds(sendMs)],
    shown: {
      "packages/server/test/push/push-queue.test.ts": [
        "of which 1,000 wait: a ring takes the place of the newest stop, and what finds none is counted",
        "that hang hold 64 places, and rings go before what else waits",
        "tries twice more within the ring, when the service says so, and then gives up",
      ],
    },
  },
  "events kept for webhooks": {
    figures: [count(senderBounds.eventsKept), days(webhookBounds.keptMs)],
    shown: {
      [webhookLife]: [
        "beyond the bound go delivered events, then parked ones, then those that wait longest",
        "an event can be replayed for seven days, and one that waits stays longer",
      ],
    },
  },
  "events of one call, or account, kept for webhooks": {
    figures: [count(webhookBounds.eventsPerSubject)],
    shown: {
      "packages/testkit/src/conformance/store/webhooks/webhooks-conformance.ts":
        "a subject keeps 64 events, and the oldest one goes for the next",
    },
  },
  "posts to one webhook at once": {
    figures: [count(senderBounds.atOncePerWebhook), seconds(webhookPostMs)],
    shown: { [webhookSender]: "a receiver that hangs has eight posts at once, and holds up no other one" },
  },
  "an event that a webhook refuses": {
    figures: [hours(webhookBounds.parkAfterMs)],
    shown: {
      [webhookSender]: "the pauses grow to four hours, and after a day the event is parked with those behind it",
    },
  },
  "beginnings and answers of calls that wait to be kept for webhooks, while the database is away": {
    figures: [count(tellerBounds.queuedFacts)],
    shown: {
      "packages/server/test/webhooks/call-teller.test.ts":
        "of more than 10,000 that wait the oldest go, to come with the end of their call",
    },
  },
  webhooks: {
    figures: [count(limits.webhooks)],
    shown: {
      "packages/server/test/http/admin/admin-webhooks.test.ts":
        "beyond ten webhooks there is no other one, and that of the settings is changed there alone",
    },
  },
  "what is read of a push service's answer, and of a webhook's": {
    figures: [kib(replyBytesMax)],
    shown: { "packages/server/test/outbound/bounded-post.test.ts": "of a longer answer as much is read as may be" },
  },
  "TCP connections": {
    figures: [count(webServerLimits.connectionsMax)],
    shown: { [webServer]: "more connections than allowed are refused, and taken again when others have gone" },
  },
  "sockets that have not joined": {
    figures: [count(unjoinedMax)],
    shown: {
      "packages/server/test/ws/unjoined-sockets.test.ts":
        "one socket more that has not joined closes the one that has waited longest, and none that has joined",
    },
  },
  "calls that ended, remembered for 24 h so that nothing resurrects them": {
    figures: [count(tombstonesMax)],
    shown: { [callBook]: "forgets the oldest past its bound, and no more than those" },
  },
  "of these, looked through for a device that joins": {
    figures: [count(searchedMax), count(endedListedMax)],
    shown: {
      [callBook]: "looks no further back for one of a user's calls than a thousand, and begins with the newest",
      "packages/core/test/engine/join-bounds.test.ts":
        "of more ended calls than a join is told of it is told of the newest",
    },
  },
  "the headers of a request": {
    figures: [seconds(webServerLimits.headersMs), kib(webServerLimits.headerBytesMax)],
    shown: {
      [webServer]: [
        "headers of as many bytes as are taken are answered, and with one more refused with 431",
        "a client that never ends its headers, or its body, is cut, and others are served meanwhile",
      ],
    },
  },
  "the whole request": {
    figures: [seconds(webServerLimits.requestMs)],
    shown: {
      [webServer]: "a client that never ends its headers, or its body, is cut, and others are served meanwhile",
    },
  },
  "a body": {
    figures: [kib(limits.restBodyBytes), mib(limits.restStatsBodyBytes), kib(limits.tokenlessBodyBytes)],
    shown: {
      "packages/server/test/hostile/hostile-rest.test.ts": [
        "a body of exactly the limit is read, and one byte more is refused with 413",
        "a body of statistics may be larger, and one byte more than that is refused with 413",
      ],
      [httpRules]:
        "without a token a body of a few KiB is read and one byte more is refused, unread, wherever one is taken",
    },
  },
  "lists and objects in each other in a body": {
    figures: [count(limits.jsonLevels)],
    shown: { [httpRules]: "a body has so many levels and not one more, with a token as without" },
  },
  "a compressed body": {
    shown: { [httpRules]: "a compressed body is refused, with a token as without, and so is text that is not UTF-8" },
  },
  "the rest of a body that was refused": {
    figures: [kib(unwantedBytesMax)],
    shown: {
      [connectionReader]:
        "of a body that was refused so many bytes are still read, and with one more the connection is cut",
    },
  },
  "a connection on which nothing moves": {
    figures: [seconds(webServerLimits.silentMs)],
    shown: { [webServer]: "a client that does not read its answer is cut once nothing moves" },
  },
  "requests of one connection that are under way": {
    figures: ["1"],
    shown: {
      [connectionReader]: [
        "with a thousand requests in one packet has one of them begun at a time, in order",
        "an answer that is not read is not followed by others",
      ],
    },
  },
  "offers that are handled in one turn of the event loop": {
    figures: [count(offersPerTurn)],
    shown: {
      "packages/server/test/ws/offer-turns.test.ts": [
        "an answer that comes behind a crowd of offers waits for those of its turn alone",
        "offers that wait are handled in the order of their coming, so many a turn",
      ],
    },
  },
  "requests that begin in one turn of the event loop": {
    figures: [count(requestsPerTurn)],
    shown: {
      "packages/server/test/web/request-pacing.test.ts": [
        "a few requests begin in each turn, whichever connection sent them, and none is forgotten",
        "one connection with thousands of requests has one begun in a turn, and others' single ones beside it",
      ],
    },
  },
  "steps of long work (histories, statistics, erasing, sweeping, reading people's lists) in one turn of the event loop":
    {
      figures: ["1"],
      shown: {
        "packages/server/test/composition/event-loop-turns.test.ts":
          "of several pieces of long work one takes a step in each turn, by turns, until all have ended",
      },
    },
  "whole histories that are read at once": {
    figures: [count(heavyReadLimits.running), count(heavyReadLimits.open)],
    shown: {
      [heavyReads]: [
        "so many reads run at a time, of one user one, and the others follow in the order of their coming",
        "one read past the bounds, a user's or the server's, is refused with the time to come back; the others go on",
      ],
    },
  },
  "what of such an answer is held for a client that does not read it": {
    figures: [kib(pieceChars), seconds(stalledMs)],
    shown: {
      "packages/server/test/http/reply-stream.test.ts":
        "for a client that takes nothing a bounded piece is held, and in time it is given up",
    },
  },
  "calls that one filtered page of a history looks at": {
    figures: [count(historyBounds.lookedPerStep * historyBounds.stepsPerPage)],
    shown: {
      [historyTests]: "a filtered page looks at so many calls and not at one more, and the next one goes on from there",
    },
  },
  "calls that one answer with statistics sums up": {
    figures: [count(maxCalls)],
    shown: {
      "packages/server/test/http/user-statistics.test.ts": "so many calls are summed up, the newest, and not one more",
    },
  },
  "logouts of the host product's tokens, and users who were logged out everywhere or erased, that the database holds": {
    figures: [count(withdrawalBounds.maxInAll), count(withdrawnInMemoryMax)],
    shown: {
      "packages/testkit/src/conformance/store/accounts/withdrawals-conformance.ts":
        "beyond so many withdrawals in all those go that expire first",
      "packages/accounts/test/external-jwt/revoked-external-tokens.test.ts":
        "a process remembers 20,000 withdrawals of its own; of older ones it asks the store",
    },
  },
  "calls that a list of the shipped app's statistics looks at": {
    figures: [count(appListCalls)],
    shown: { [appLists]: "a list of statistics looks at so many calls, the newest, and not at one more" },
  },
  "samples that such a list shows of each call": {
    figures: [count(listedMax)],
    shown: { [appLists]: "of each call's samples a list shows so many, evenly, with both ends" },
  },
  "missed calls that are counted for `unseenMissed`": {
    figures: [count(historyBounds.unseenCounted)],
    shown: { [historyTests]: "so many missed calls are counted, and one more is not" },
  },
  "what is known of people without asking the database": {
    figures: [count(maxPeopleInMemory), count(maxListedInMemory)],
    shown: {
      "packages/accounts/test/user-facts/user-facts-cache.test.ts": [
        "the user who was not asked for longest is forgotten first",
        "the user who was not asked for longest is forgotten first, too, where their lists are long",
      ],
    },
  },
  "addresses and users whose requests and sockets are counted by themselves": {
    figures: [count(keysMax)],
    shown: {
      "packages/server/test/web/rate-counter.test.ts":
        "beyond the keys that are kept, the others share one count; a minute later they have their own",
    },
  },
  "clients, numbers and invitations whose codes and wrong tries are counted": {
    figures: [count(maxLimitedKeys)],
    shown: {
      "packages/accounts/test/limits/sliding-window.test.ts":
        "beyond its most keys the one that was quiet longest is forgotten",
    },
  },
  "lines of one kind in the log": {
    figures: [count(logBounds.linesOfAKind), seconds(logBounds.windowMs), count(logBounds.transitionsOfAKind)],
    shown: {
      [logQuota]: [
        "of a flood of one kind the first few lines are written, and once a window how many were not",
        "changes of sessions and calls have room for many, and are bounded too",
      ],
    },
  },
};
