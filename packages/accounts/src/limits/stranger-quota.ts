import type { Clock, Steady } from "@echoo/core";
import { Refusal } from "@echoo/protocol";

const dayMs = 24 * 3_600_000;
export const strangersPerDay = 200;
export const maxAskers = 20_000;

/** Against harvesting who is registered: each user may ask about so many different strangers within 24 hours. */
export interface StrangerQuota {
  /** Whether the asker may learn about this person; the same one again costs nothing. */
  allows(asker: string, about: string): boolean;
  /** The same as a refusal, rate_limited until the day of all quotas is over. */
  requireRoom(asker: string, about: string): void;
}

/**
 * The day, which is the same for all users, begins with the first question after the last one. A day of the calendar
 * would end with the clock.
 */
export function createStrangerQuota(clock: Clock): StrangerQuota {
  let sinceMs: Steady = Number.NEGATIVE_INFINITY;
  let asked = new Map<string, Set<string>>();

  function allows(asker: string, about: string): boolean {
    if (asker === about) return true;
    const nowMs = clock.steady();
    if (nowMs - sinceMs >= dayMs) {
      sinceMs = nowMs;
      asked = new Map();
    }
    const known = asked.get(asker) ?? new Set();
    if (known.has(about)) return true;
    // A table full of askers refuses new ones: to forget an old one would give it a second quota.
    if (known.size >= strangersPerDay || (known.size === 0 && asked.size >= maxAskers)) return false;
    asked.set(asker, known.add(about));
    return true;
  }

  return {
    allows,
    requireRoom(asker, about) {
      if (allows(asker, about)) return;
      const message = "You have asked about as many new people as a day allows.";
      throw new Refusal("rate_limited", { message, retryInMs: sinceMs + dayMs - clock.steady() });
    },
  };
}
