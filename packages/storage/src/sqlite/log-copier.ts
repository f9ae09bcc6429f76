import type { Clock, Steady } from "@echoo/core";

/** A server's log has so many pages of 4 KiB at most: at that SQLite copies it whatever else goes on. */
export const logPagesMax = 16_384;
/** So many writes make a log that is worth copying: some megabytes. */
export const writesWorthCopying = 2_000;
/** Without a write for so long the moment is quiet. */
export const quietMs = 250;

/**
 * Has a write-ahead log copied back into its file in quiet moments. Left to itself SQLite does so in the commit that filled
 * the log, and every message waits: some 30 ms usually, and 300 where 3,000 calls were placed at once. Where it is never
 * quiet, SQLite does it all the same.
 */
export class LogCopier {
  readonly #clock: Pick<Clock, "after" | "steady">;
  readonly #copy: () => void;
  #writes = 0;
  #lastWriteMs: Steady = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Clock, "after" | "steady">, copy: () => void) {
    this.#clock = clock;
    this.#copy = copy;
  }

  /** Something was written. */
  wrote(): void {
    this.#writes += 1;
    this.#lastWriteMs = this.#clock.steady();
    if (this.#writes >= writesWorthCopying && this.#cancel === undefined) this.#waitFor(quietMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #waitFor(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = undefined;
      const restMs = this.#lastWriteMs + quietMs - this.#clock.steady();
      if (restMs > 0) {
        this.#waitFor(restMs);
        return;
      }
      this.#writes = 0;
      this.#copy();
    });
  }
}
