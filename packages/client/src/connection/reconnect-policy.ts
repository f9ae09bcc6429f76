/** When to try again after the link was lost. */
export interface ReconnectPolicy {
  /**
   * Milliseconds until the given attempt, 0 being the first after a loss; `random` is in [0, 1). `inCall`: a call lives,
   * and the server waits for its side for 45 s and no longer.
   */
  delayMs(attempt: number, random: number, inCall: boolean): number;
}

const firstMs = 400;
const ceilingMs = 10_000;
const ceilingInCallMs = 3_000;

/**
 * Doubles up to a ceiling and spreads over all of each step, so that the clients of a node that died do not come back as
 * one: 8,000 of them come a second's share at a time. The first attempt is quick: a ring or a call may be waiting.
 */
export const defaultReconnectPolicy: ReconnectPolicy = {
  delayMs(attempt, random, inCall) {
    const stepMs = Math.min(inCall ? ceilingInCallMs : ceilingMs, firstMs * 2 ** Math.min(attempt, 10));
    return Math.round(stepMs * random);
  },
};
