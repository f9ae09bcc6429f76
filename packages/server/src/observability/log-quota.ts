import type { Clock, Steady } from "@echoo/core";

/** How much of one kind the log takes. */
export const logBounds = {
  windowMs: 10_000,
  /** Lines with one message within a window: refusals and faults, which a client may cause as often as it likes. */
  linesOfAKind: 5,
  /** The same of what tells of a session or a call, each line of its own. */
  transitionsOfAKind: 1_000,
  /** Messages that are told apart; those beyond count together. */
  kinds: 500,
} as const;

interface Window {
  readonly sinceMs: Steady;
  lines: number;
  leftOut: number;
  cancel: () => void;
}

/**
 * Which lines are written: a flood of one kind neither fills the disk nor hides what else happens. What is left out is
 * counted, and told once a window.
 */
export class LogQuota {
  readonly #clock: Clock;
  readonly #onLeftOut: (kind: string, lines: number) => void;
  readonly #windows = new Map<string, Window>();

  /** `onLeftOut` is told how many lines of a kind were left out. */
  constructor(clock: Clock, onLeftOut: (kind: string, lines: number) => void) {
    this.#clock = clock;
    this.#onLeftOut = onLeftOut;
  }

  /** Counts a line, and says whether it may be written. */
  takes(message: string, max: number): boolean {
    const nowMs = this.#clock.steady();
    const kind = this.#windows.has(message) || this.#windows.size < logBounds.kinds ? message : "of other kinds";
    const found = this.#windows.get(kind);
    const isNew = found === undefined || (nowMs - found.sinceMs >= logBounds.windowMs && found.leftOut === 0);
    const window = isNew ? { sinceMs: nowMs, lines: 0, leftOut: 0, cancel: () => {} } : found;
    if (isNew) this.#windows.set(kind, window);
    if (window.lines < max) {
      window.lines += 1;
      return true;
    }
    window.leftOut += 1;
    if (window.leftOut === 1) {
      const restMs = Math.max(0, window.sinceMs + logBounds.windowMs - nowMs);
      window.cancel = this.#clock.after(restMs, () => this.#tell(kind, window));
    }
    return false;
  }

  /** Tells what was left out so far: the last words of a process. */
  tellAll(): void {
    for (const [kind, window] of this.#windows) if (window.leftOut > 0) this.#tell(kind, window);
  }

  #tell(kind: string, window: Window): void {
    window.cancel();
    this.#windows.delete(kind);
    this.#onLeftOut(kind, window.leftOut);
  }
}
