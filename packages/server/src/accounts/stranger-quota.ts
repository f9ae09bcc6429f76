import type { Clock } from "@echoo/core";
import { Refusal } from "@echoo/protocol";

const dayMs = 24 * 3_600_000;
export const strangersPerDay = 200;
const maxAskers = 20_000;

/** Nobody harvests who is registered: each user may ask about so many different strangers a day (of UTC). */
export interface StrangerQuota {
  /** Whether the asker may learn about this person; the same one again costs nothing. */
  allows(asker: string, about: string): boolean;
  /** The same as a refusal, rate_limited until midnight. */
  demand(asker: string, about: string): void;
}

export function createStrangerQuota(clock: Clock): StrangerQuota {
  let day = -1;
  let asked = new Map<string, Set<string>>();

  function allows(asker: string, about: string): boolean {
    if (asker === about) return true;
    const today = Math.floor(clock.now() / dayMs);
    if (today !== day) {
      day = today;
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
    demand(asker, about) {
      if (allows(asker, about)) return;
      const message = "You have asked about as many new people as a day allows.";
      throw new Refusal("rate_limited", { message, retryInMs: dayMs - (clock.now() % dayMs) });
    },
  };
}
