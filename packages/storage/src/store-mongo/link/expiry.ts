import type { Instant } from "@echoo/core";

/** The last moment that a date can hold. */
const latestMs = 8_640_000_000_000_000;

/**
 * When the database may delete a document by itself. The index that does so waits another day, so that a database whose clock is
 * ahead deletes nothing that still counts: what has expired is decided by the times in the document.
 */
export function expiry(expiresAtMs: Instant): Date {
  return new Date(Math.min(expiresAtMs, latestMs));
}
