import type { Instant } from "@echoo/core";

export const hourMs = 3_600_000;

/** When the hour begins that a moment is in. */
export function hourOf(atMs: Instant): Instant {
  return Math.floor(atMs / hourMs) * hourMs;
}
