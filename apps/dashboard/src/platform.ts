import type { Instant } from "@echoo/client";

/** The one place where the dashboard reads the clock or sets a timer. */
export const now = (): Instant => Date.now();

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
