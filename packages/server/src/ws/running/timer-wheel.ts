import type { Clock, Steady } from "@echoo/core";

type Run = () => void;

/**
 * Timers that may run a little late, and so run together: up to a slot later than asked. Signs of life of thousands of
 * sockets, each at a moment of its own, would wake the process for every one of them.
 */
export class TimerWheel implements Pick<Clock, "after"> {
  readonly #clock: Pick<Clock, "after" | "steady">;
  readonly #slotMs: number;
  /** What is due, by the number of its slot. */
  readonly #due = new Map<number, Set<Run>>();
  #slot = 0;
  #slotSinceMs: Steady = 0;
  /** Undefined while nothing waits. */
  #cancelTurn: (() => void) | undefined;

  constructor(clock: Pick<Clock, "after" | "steady">, slotMs: number) {
    this.#clock = clock;
    this.#slotMs = slotMs;
  }

  after(delayMs: number, run: Run): () => void {
    const passedMs = this.#cancelTurn ? this.#clock.steady() - this.#slotSinceMs : 0;
    const slot = this.#slot + Math.max(1, Math.ceil((passedMs + delayMs) / this.#slotMs));
    // Of its own, so that one function may wait twice.
    const entry = () => run();
    const entries = this.#due.get(slot) ?? new Set();
    this.#due.set(slot, entries.add(entry));
    this.#turn();
    return () => {
      if (!entries.delete(entry) || entries.size > 0) return;
      this.#due.delete(slot);
      this.#turn();
    };
  }

  #turn(): void {
    if (this.#due.size === 0) {
      this.#cancelTurn?.();
      this.#cancelTurn = undefined;
      return;
    }
    if (this.#cancelTurn) return;
    this.#slotSinceMs = this.#clock.steady();
    this.#cancelTurn = this.#clock.after(this.#slotMs, () => {
      this.#cancelTurn = undefined;
      this.#slot += 1;
      this.#runSlot();
    });
  }

  #runSlot(): void {
    const entries = this.#due.get(this.#slot) ?? new Set();
    this.#due.delete(this.#slot);
    // Before they run: one that throws does not stop the wheel.
    this.#turn();
    for (const entry of entries) {
      entries.delete(entry);
      entry();
    }
  }
}
