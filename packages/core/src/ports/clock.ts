/**
 * A moment of the wall clock, in milliseconds since the epoch: for what is stored or told. That clock may
 * be set by hours in both directions, so nothing is waited for and nothing is measured with it.
 */
export type Instant = number & { readonly __time?: "instant" };

/**
 * A moment of a clock that cannot be set and never goes back, in milliseconds since a moment of its own: for waits
 * and lengths. It means nothing outside of the process that read it.
 */
export type Steady = number & { readonly __time?: "steady" };

/**
 * Time is an input. One file of the server reads the real clocks; tests move fake ones. A plain number may become
 * either kind of moment, and neither becomes the other: where one is wanted, the other does not compile.
 */
export interface Clock {
  now(): Instant;
  steady(): Steady;
  /** Runs once after the delay, by the steady clock; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}
