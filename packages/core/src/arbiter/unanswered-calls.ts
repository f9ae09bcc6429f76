import { type Call, isCallerOnly, isRinging } from "../call/call.ts";
import type { Steady } from "../ports/clock.ts";

/** How often a caller may ring without an answer. The figures, and why: docs/adr/0029-calls-that-nobody-answers.md. */
export interface UnansweredBounds {
  /** Calls to one callee that may go unanswered before the next one has to wait. */
  readonly freeToCallee: number;
  /** From then on each offer waits, counted from the end of the call before it: twice as long each time. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Without another one for so long they are forgotten. */
  readonly forgottenAfterMs: number;
  /** Calls of one caller, to whomever, that may go unanswered at once, and then one in each such time. */
  readonly callerBurst: number;
  readonly callerEveryMs: number;
  /** Pairs, and callers, that are counted at most; past it the one that has been quiet longest is forgotten. */
  readonly countedPairs: number;
  readonly countedCallers: number;
}

export const unansweredBounds: UnansweredBounds = {
  freeToCallee: 10,
  firstPauseMs: 30_000,
  longestPauseMs: 30 * 60_000,
  forgottenAfterMs: 6 * 60 * 60_000,
  callerBurst: 30,
  callerEveryMs: 20_000,
  countedPairs: 100_000,
  countedCallers: 100_000,
};

/** An offer that would make a call. */
export interface WantedCall {
  readonly caller: string;
  readonly callee: string;
  /** Whom the caller rings now, where this offer would end that call unanswered. */
  readonly instead?: string;
}

/** Calls that went unanswered, and when the last one ended; for a caller a count that sinks with time. */
interface Run {
  readonly count: number;
  readonly lastMs: Steady;
}

const none: Run = { count: 0, lastMs: Number.NEGATIVE_INFINITY };

/**
 * Counts unanswered calls, whatever they ended with, so that no callee is rung without end. It asks
 * nothing about the callee, so a blocked caller, or one of an unknown number, waits as for a callee who is offline.
 */
export class UnansweredCalls {
  readonly #bounds: UnansweredBounds;
  /** Both in the order of their last count, so that the first is the quietest. */
  readonly #pairs = new Map<string, Run>();
  readonly #callers = new Map<string, Run>();

  constructor(bounds: UnansweredBounds) {
    this.#bounds = bounds;
  }

  /** How long the caller has to wait before this call may be placed. */
  waitMs(wanted: WantedCall, nowMs: Steady): number {
    const { caller, callee, instead } = wanted;
    let pair = this.#pair(caller, callee, nowMs);
    let overall = this.#caller(caller, nowMs);
    if (instead !== undefined) overall = oneMore(overall, nowMs);
    if (instead === callee) pair = oneMore(pair, nowMs);
    return Math.max(0, this.#pairWaitMs(pair, nowMs), this.#callerWaitMs(overall));
  }

  /** Notes what a call has become. */
  follow(before: Call | undefined, call: Call): void {
    // What comes after an answer, or an end, changes nothing here.
    if (before && !isRinging(before)) return;
    const { caller, callee } = call;
    // A user who calls another may be called back by them; but not for a call that its callee never learns of.
    if (!before && !isCallerOnly(call)) this.forgive(callee, caller);
    if (isRinging(call)) return;
    if (call.state === "ended" && !call.answered) this.#count(caller, callee, call.endedAtMs);
    else {
      this.forgive(caller, callee);
      this.forgive(callee, caller);
    }
  }

  /** The callee wants to hear from the caller: what went unanswered between them counts no more. */
  forgive(caller: string, callee: string): void {
    this.#pairs.delete(pairKey(caller, callee));
  }

  #count(caller: string, callee: string, nowMs: Steady): void {
    const { countedPairs, countedCallers, forgottenAfterMs, callerBurst, callerEveryMs } = this.#bounds;
    const pair = oneMore(this.#pair(caller, callee, nowMs), nowMs);
    note(this.#pairs, pairKey(caller, callee), pair, { max: countedPairs, overBeforeMs: nowMs - forgottenAfterMs });
    const overall = oneMore(this.#caller(caller, nowMs), nowMs);
    const soonOverMs = callerBurst * callerEveryMs;
    note(this.#callers, caller, overall, { max: countedCallers, overBeforeMs: nowMs - soonOverMs });
  }

  #pair(caller: string, callee: string, nowMs: Steady): Run {
    const run = this.#pairs.get(pairKey(caller, callee)) ?? none;
    return nowMs - run.lastMs > this.#bounds.forgottenAfterMs ? none : run;
  }

  #caller(caller: string, nowMs: Steady): Run {
    const { count, lastMs } = this.#callers.get(caller) ?? none;
    return { count: Math.max(0, count - (nowMs - lastMs) / this.#bounds.callerEveryMs), lastMs: nowMs };
  }

  #pairWaitMs({ count, lastMs }: Run, nowMs: Steady): number {
    const { freeToCallee, firstPauseMs, longestPauseMs } = this.#bounds;
    const over = count - freeToCallee;
    return over < 0 ? 0 : lastMs + Math.min(longestPauseMs, firstPauseMs * 2 ** over) - nowMs;
  }

  #callerWaitMs({ count }: Run): number {
    const { callerBurst, callerEveryMs } = this.#bounds;
    return Math.ceil((count + 1 - callerBurst) * callerEveryMs);
  }
}

function oneMore({ count, lastMs }: Run, nowMs: Steady): Run {
  return { count: count + 1, lastMs: Math.max(lastMs, nowMs) };
}

/** Puts it at the end, and lets go of those at the beginning that are over, or one too many. */
function note(
  runs: Map<string, Run>,
  key: string,
  run: Run,
  { max, overBeforeMs }: { max: number; overBeforeMs: Steady },
) {
  runs.delete(key);
  runs.set(key, run);
  for (const [quietest, { lastMs }] of runs) {
    if (runs.size <= max && lastMs >= overBeforeMs) return;
    runs.delete(quietest);
  }
}

/** No user id has a line break in it. */
function pairKey(caller: string, callee: string): string {
  return `${caller}\n${callee}`;
}
