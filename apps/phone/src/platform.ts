import type { Instant } from "@echoo/client";

const idleAfterMs = 2_000;

/** The one place where the page reads the clock or sets a timer. */
export const now = (): Instant => Date.now();

/** Tells the moments of one call: as the clock stands now, and steadily from there, also if it is set meanwhile. */
export function callClock(): () => Instant {
  const aheadMs = Date.now() - performance.now();
  return () => Math.floor(performance.now() + aheadMs);
}

/** Names this browser for as long as it keeps the name. */
export const newDeviceId = (): string => crypto.randomUUID();

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

/** Runs once the page has nothing else to do, or after a while where a browser (Safari) does not tell; the function returned cancels it. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback !== "function") return after(idleAfterMs, run);
  const request = requestIdleCallback(run);
  return () => cancelIdleCallback(request);
}

/** Whether the browser was asked to fetch no more than it must. */
export function savesData(): boolean {
  return (navigator as { readonly connection?: { readonly saveData?: boolean } }).connection?.saveData === true;
}

/** Whether the server that this page came from can be reached now. */
export function serverAnswers(): Promise<boolean> {
  return fetch("/", { method: "HEAD", cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
}
