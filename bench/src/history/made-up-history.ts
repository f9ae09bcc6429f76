import type { EndedCall, ReportedStats } from "@echoo/core";
import { seededRandom } from "@echoo/testkit";

/** The user whose history is read. */
export const reader = "5550000000";

const dayMs = 24 * 3_600_000;
const daysBack = 365;
const ownFriends = 300;
const others = 50_000;

export interface HistorySize {
  /** All calls of the installation. */
  readonly calls: number;
  /** Those of the reader among them, evenly spread over time. */
  readonly own: number;
}

/** A year of calls that ended before the given time, oldest first, the same at every run. */
export function* madeUpCalls({ calls, own }: HistorySize, endMs: number): Iterable<EndedCall> {
  const random = seededRandom(1);
  const stepMs = (daysBack * dayMs) / calls;
  const ownEvery = calls / own;
  let owned = 0;
  for (let index = 0; index < calls; index++) {
    const isOwn = owned * ownEvery <= index && owned < own;
    if (isOwn) owned++;
    const parties = isOwn ? ownParties(random) : otherParties(random);
    yield madeUpCall(index, Math.round(endMs - daysBack * dayMs + index * stepMs), parties, random);
  }
}

/** Every call of the reader has statistics, and of the others so many that the collection is large, in less time. */
export function hasStatistics({ caller, callee }: EndedCall, index: number): boolean {
  return caller === reader || callee === reader || index % 5 === 0;
}

/** What one side reported of a call: as large as the app's summary. */
export function madeUpStatistics(call: EndedCall): ReportedStats {
  const body = JSON.stringify({ avgRttMs: 48, avgLossPercent: 0.4, avgJitterMs: 3, mos: 4.2, totalBytes: 21_000_000 });
  return { callId: call.callId, reporter: call.caller, receivedAtMs: call.endedAtMs, body };
}

function madeUpCall(
  index: number,
  createdAtMs: number,
  [caller, callee]: readonly [string, string],
  random: () => number,
): EndedCall {
  const answered = random() < 0.7;
  const durationSec = answered ? Math.floor(random() * 600) : 0;
  return {
    callId: `${index.toString(16).padStart(8, "0")}-0000-4000-8000-${Math.floor(random() * 2 ** 40)
      .toString(16)
      .padStart(12, "0")}`,
    caller,
    callee,
    isVideo: random() < 0.5,
    createdAtMs,
    ringingAtMs: createdAtMs + 200,
    ...(answered ? { answeredAtMs: createdAtMs + 4_000, connectedAtMs: createdAtMs + 4_500 } : {}),
    endedAtMs: createdAtMs + (answered ? 4_000 + durationSec * 1000 : 60_000),
    endReason: answered ? "hangup" : "no_answer",
    ...(answered ? { endedBy: caller } : {}),
    glare: false,
    reconnects: 0,
    durationSec,
  };
}

function ownParties(random: () => number): [string, string] {
  const friend = `5551${Math.floor(random() * ownFriends)
    .toString()
    .padStart(6, "0")}`;
  return random() < 0.5 ? [reader, friend] : [friend, reader];
}

function otherParties(random: () => number): [string, string] {
  const caller = Math.floor(random() * others);
  const callee = (caller + 1 + Math.floor(random() * (others - 1))) % others;
  return [`5552${caller.toString().padStart(6, "0")}`, `5552${callee.toString().padStart(6, "0")}`];
}
