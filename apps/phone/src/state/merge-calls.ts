import type { CallPage } from "@echoo/protocol";
import type { CallRow } from "./api.ts";

/** After a long absence so many pages are read to reach what is known; past that the list begins anew. */
export const catchUpPages = 10;
/** Calls that were opened by their address alone: of more the one that was opened first is asked for again. */
export const openedCalls = 20;

/** What is known of a history: its newest calls without a gap, and where what follows them is asked for. */
export interface KnownCalls {
  readonly calls: readonly CallRow[];
  /** Absent where nothing follows. */
  readonly nextCursor: string | undefined;
}

/** Negative where `a` stands before `b` in a history: newest first, as the server has them. */
function order(a: CallRow, b: CallRow): number {
  if (a.startTime !== b.startTime) return a.startTime > b.startTime ? -1 : 1;
  return a.callId === b.callId ? 0 : a.callId > b.callId ? -1 : 1;
}

/** Whether calls may lie between these, the newest there are, and those that are known. */
export function hasGap(newest: KnownCalls, known: KnownCalls): boolean {
  const [last, first] = [newest.calls.at(-1), known.calls[0]];
  if (newest.nextCursor === undefined || first === undefined) return false;
  return last === undefined || order(last, first) < 0;
}

/**
 * The newest calls, and behind them what was known already. Of what is known and as new as these the server has the
 * word: what it does not name any more is gone.
 */
export function withNewest(newest: KnownCalls, known: KnownCalls): KnownCalls {
  const last = newest.calls.at(-1);
  if (newest.nextCursor === undefined || last === undefined) return newest;
  const older = known.calls.filter((call) => order(last, call) < 0);
  return older.length === 0 ? newest : { calls: [...newest.calls, ...older], nextCursor: known.nextCursor };
}

/** What is known, and behind it the page that follows. */
export function withOlder(known: KnownCalls, page: Pick<CallPage, "calls" | "nextCursor">): KnownCalls {
  const here = new Set(known.calls.map(({ callId }) => callId));
  const calls = [...known.calls, ...page.calls.filter(({ callId }) => !here.has(callId))];
  return { calls, nextCursor: page.nextCursor };
}

/** With one call as it is now; undefined where it is older than all that are known, so that a gap would be before it. */
export function withCall(known: KnownCalls, call: CallRow): KnownCalls | undefined {
  const others = known.calls.filter(({ callId }) => callId !== call.callId);
  const last = known.calls.at(-1);
  if (known.nextCursor !== undefined && (last === undefined || order(last, call) < 0)) return undefined;
  return { calls: [...others, call].sort(order), nextCursor: known.nextCursor };
}
