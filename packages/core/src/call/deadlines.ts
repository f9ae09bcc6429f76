import type { Steady } from "../ports/clock.ts";
import { type AnsweredCall, type Call, isAnswered, isRinging, type RingingCall } from "./call.ts";
import { isLegLost, waitedSince } from "./legs.ts";
import { nextPushAtMs } from "./push/push-steps.ts";

/** How long each state may last, in milliseconds. */
export interface Deadlines {
  readonly ringMs: number;
  readonly callerLostMs: number;
  readonly connectMs: number;
  /** The connect deadline is at least this long after a lost leg's return … */
  readonly connectAfterReturnMs: number;
  /** … and never later than this after the answer. */
  readonly connectAtMostMs: number;
  readonly resumeMs: number;
  readonly maxCallMs: number;
  readonly tombstoneMs: number;
  readonly pushDelayMs: number;
  /** How long a merged device that cannot answer a merged call is left alone before it is offered the call. */
  readonly mergedOfferDelayMs: number;
}

export const defaultDeadlines: Deadlines = {
  ringMs: 60_000,
  callerLostMs: 10_000,
  connectMs: 30_000,
  connectAfterReturnMs: 15_000,
  connectAtMostMs: 90_000,
  resumeMs: 45_000,
  maxCallMs: 12 * 3_600_000,
  tombstoneMs: 24 * 3_600_000,
  pushDelayMs: 3_000,
  mergedOfferDelayMs: 1_500,
};

export type DeadlineKind =
  | "ring"
  | "callerLost"
  | "push"
  | "mergedOffer"
  | "connect"
  | "resume"
  | "maxDuration"
  | "forget";

export interface Deadline {
  readonly kind: DeadlineKind;
  readonly atMs: Steady;
}

/** The next thing that time alone does to a call. Timers follow from the state, so none outlives it. */
export function nextDeadline(call: Call, limits: Deadlines): Deadline {
  if (isRinging(call)) return ringingDeadline(call, limits);
  if (isAnswered(call)) return answeredDeadline(call, limits);
  return withPush({ kind: "forget", atMs: call.endedAtMs + limits.tombstoneMs }, call);
}

/** Of several at one time the first that was named. */
function sooner(first: Deadline, kind: DeadlineKind, atMs: Steady): Deadline {
  return atMs < first.atMs ? { kind, atMs } : first;
}

function ringingDeadline(call: RingingCall, limits: Deadlines): Deadline {
  let next: Deadline = { kind: "ring", atMs: call.expiresAtMs };
  const { lostAtMs } = call.callerLeg;
  if (lostAtMs !== undefined) {
    // After a restart every client is away at once, and has its whole resume time to come back.
    const graceMs = call.restarted ? limits.resumeMs : limits.callerLostMs;
    next = sooner(next, "callerLost", lostAtMs + graceMs);
  }
  next = withPush(next, call);
  const offerAtMs = call.reserved?.offerAtMs;
  return offerAtMs === undefined ? next : sooner(next, "mergedOffer", offerAtMs);
}

function answeredDeadline(call: AnsweredCall, limits: Deadlines): Deadline {
  let next = withPush({ kind: "maxDuration", atMs: call.answeredAtMs + limits.maxCallMs }, call);
  const sinceMs = waitedSince(call);
  if (sinceMs !== undefined) next = sooner(next, "resume", sinceMs + limits.resumeMs);
  if (call.connectedAtMs !== undefined || call.state === "active") return next;
  const latest = call.answeredAtMs + limits.connectAtMostMs;
  const usual = Math.max(
    call.answeredAtMs + limits.connectMs,
    (call.returnedAtMs ?? Number.NEGATIVE_INFINITY) + limits.connectAfterReturnMs,
  );
  return sooner(next, "connect", isLegLost(call) ? latest : Math.min(usual, latest));
}

function withPush(next: Deadline, call: Call): Deadline {
  const atMs = call.pushes && nextPushAtMs(call);
  return atMs === undefined ? next : sooner(next, "push", atMs);
}
