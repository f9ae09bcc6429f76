import type { Clock } from "@echoo/core";

/** The only file of the testkit that reads the real clock and sets timers: peers over real sockets need deadlines. */
export const realClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** What a test waits for at most, before it fails with what it knows. Generous: the machine may be busy. */
export const defaultDeadlineMs = 10_000;

/** Fails with the given explanation, made at that moment, when the work takes too long. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, explain: () => string): Promise<T> {
  let cancel = () => {};
  const deadline = new Promise<never>((_, reject) => {
    cancel = realClock.after(deadlineMs, () => reject(new Error(explain())));
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    cancel();
  }
}
