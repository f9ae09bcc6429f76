/** Time is an input: the platform has the real one, tests move a fake. */
export interface ClientClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after the delay; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}
