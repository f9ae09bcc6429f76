import type { Steady } from "../../ports/clock.ts";

/** How often one caller may have one callee woken. */
export const ringBudgetBounds = { rings: 8, withinMs: 5 * 60_000, countedPairs: 100_000 };

interface Woken {
  readonly callId: string;
  readonly atMs: Steady;
}

/** Counts the calls of each pair that woke a device; past the bound the pair goes that has been quiet longest. */
export class RingBudget {
  readonly #calls = new Map<string, readonly Woken[]>();

  get size(): number {
    return this.#calls.size;
  }

  allows(caller: string, callee: string, nowMs: Steady): boolean {
    return this.#lately(pairOf(caller, callee), nowMs).length < ringBudgetBounds.rings;
  }

  /** A device is woken for this call: however many are, it counts once. */
  note(caller: string, callee: string, callId: string, nowMs: Steady): void {
    const pair = pairOf(caller, callee);
    const others = this.#lately(pair, nowMs).filter((woken) => woken.callId !== callId);
    this.#calls.delete(pair);
    this.#calls.set(pair, [...others, { callId, atMs: nowMs }].slice(-ringBudgetBounds.rings));
    const [quietest] = this.#calls.keys();
    if (this.#calls.size > ringBudgetBounds.countedPairs && quietest !== undefined) this.#calls.delete(quietest);
  }

  #lately(pair: string, nowMs: Steady): readonly Woken[] {
    return (this.#calls.get(pair) ?? []).filter(({ atMs }) => atMs > nowMs - ringBudgetBounds.withinMs);
  }
}

/** No user id has a line break in it. */
function pairOf(caller: string, callee: string): string {
  return `${caller}\n${callee}`;
}
