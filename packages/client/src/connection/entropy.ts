/** Randomness is an input, so that a test can repeat it. */
export interface Entropy {
  /** In [0, 1). */
  random(): number;
  uuid(): string;
}
