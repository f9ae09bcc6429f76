import { randomBytes, randomInt } from "node:crypto";
import type { Clock, Pause } from "@echoo/core";

/**
 * The only file of the testkit that reads the real clock, sets timers or draws random numbers: peers over real sockets
 * need deadlines, and stores on a disk or in a database are tried by the clock that they run by.
 */
export const realClock: Clock = {
  now: () => Date.now(),
  // Whole, as the journal keeps it.
  steady: () => Math.floor(performance.now()),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves so much later; keeps no process alive. */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

/** Lets the event loop turn once. */
export const pause: Pause = () => new Promise((resolve) => setImmediate(resolve));

export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function randomCode(): string {
  return randomInt(0, 1_000_000).toString().padStart(6, "0");
}

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
