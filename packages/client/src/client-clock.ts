/** A moment of the wall clock, which may be set at any time: for what is shown or stored. */
export type Instant = number & { readonly __time?: "instant" };

/** A moment of a clock that cannot be set: for waits and lengths. Neither kind of moment becomes the other. */
export type Steady = number & { readonly __time?: "steady" };

/** Time is an input: the platform has the real one, tests move a fake. */
export interface ClientClock {
  /** Milliseconds since the epoch. */
  now(): Instant;
  /** Milliseconds since a moment of its own; never goes back. */
  steady(): Steady;
  /** Runs once after the delay; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Tells the moments of one call: it begins as the wall clock stands and goes on steadily, so that no length between two
 * of them is wrong because the clock was set in between.
 */
export function callClock(clock: Pick<ClientClock, "now" | "steady">): () => Instant {
  const aheadMs = clock.now() - clock.steady();
  return () => Math.floor(clock.steady() + aheadMs);
}
