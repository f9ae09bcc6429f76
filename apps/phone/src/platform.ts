import type { Instant } from "@echoo/client";

/** The one place where the page reads the clock or sets a timer. */
export const now = (): Instant => Date.now();

/** Tells the moments of one call: as the clock stands now, and steadily from there, also if it is set meanwhile. */
export function callClock(): () => Instant {
  const aheadMs = Date.now() - performance.now();
  return () => Math.floor(performance.now() + aheadMs);
}

/** Runs once after a while; the function returned cancels it. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** Runs again and again until the function returned is called. */
export function every(periodMs: number, run: () => void): () => void {
  const timer = setInterval(run, periodMs);
  return () => clearInterval(timer);
}
