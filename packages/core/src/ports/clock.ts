/** Time is an input. One file of the server reads the real clock; tests move a fake one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after the delay; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}
