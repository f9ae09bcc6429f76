/** When to try again after the link was lost. */
export interface ReconnectPolicy {
  /** Milliseconds until the given attempt, 0 being the first after a loss; `random` is in [0, 1). */
  delayMs(attempt: number, random: number): number;
}

const firstMs = 400;
const ceilingMs = 15_000;

/**
 * Doubles up to a ceiling and spreads over the upper half of each step, so that the clients of a node that died
 * do not come back as one. The first attempt is quick: a ring or a call may be waiting.
 */
export const defaultReconnectPolicy: ReconnectPolicy = {
  delayMs(attempt, random) {
    const stepMs = Math.min(ceilingMs, firstMs * 2 ** Math.min(attempt, 10));
    return Math.round(stepMs / 2 + (stepMs / 2) * random);
  },
};
