import { type Clock, ClusterAway, type SharedStrangers, type Steady } from "@echoo/core";
import { Refusal } from "@echoo/protocol";

const dayMs = 24 * 3_600_000;
export const strangersPerDay = 200;
export const maxAskers = 20_000;

/** Against harvesting who is registered: each user may ask about so many different strangers within 24 hours. */
export interface StrangerQuota {
  /** Whether the asker may learn about this person; the same one again costs nothing. */
  allows(asker: string, about: string): boolean;
  /** The same as a refusal, rate_limited until the day of all quotas is over. */
  requireRoom(asker: string, about: string): Promise<void>;
}

/** What a server knows of one asker. */
interface Asked {
  readonly about: Set<string>;
  /** Whom they asked about on other servers alone. */
  elsewhere: number;
}

/** The day, which is the same for all users, and whom they asked about on it. */
class Day {
  readonly #clock: Pick<Clock, "steady">;
  #number: number | undefined;
  #endMs: Steady = Number.NEGATIVE_INFINITY;
  #asked = new Map<string, Asked>();

  constructor(clock: Pick<Clock, "steady">) {
    this.#clock = clock;
  }

  get leftMs(): number {
    return this.#endMs - this.#clock.steady();
  }

  /** It begins with the first question after the last one: a day of the calendar would end with the clock. */
  count(asker: string, about: string): "known" | "counted" | "full" {
    if (asker === about) return "known";
    if (this.leftMs <= 0) this.#begin(dayMs);
    const known = this.#asked.get(asker) ?? { about: new Set(), elsewhere: 0 };
    if (known.about.has(about)) return "known";
    // A table full of askers refuses new ones: to forget an old one would give it a second quota.
    const isCrowdedOut = !this.#asked.has(asker) && this.#asked.size >= maxAskers;
    if (known.about.size + known.elsewhere >= strangersPerDay || isCrowdedOut) return "full";
    known.about.add(about);
    this.#asked.set(asker, known);
    return "counted";
  }

  /** What all servers together counted of this asker, whose day is the one of all. */
  told(asker: string, counted: { readonly count: number; readonly day: number; readonly dayLeftMs: number }): void {
    if (counted.day !== this.#number) {
      if (this.#number !== undefined) this.#begin(counted.dayLeftMs);
      this.#number = counted.day;
    }
    this.#endMs = this.#clock.steady() + counted.dayLeftMs;
    const known = this.#asked.get(asker);
    if (known) known.elsewhere = Math.max(0, counted.count - known.about.size);
  }

  refusal(): Refusal {
    const message = "You have asked about as many new people as a day allows.";
    return new Refusal("rate_limited", { message, retryInMs: Math.max(1, this.leftMs) });
  }

  #begin(lengthMs: number): void {
    this.#endMs = this.#clock.steady() + lengthMs;
    this.#asked = new Map();
  }
}

export function createStrangerQuota(clock: Clock): StrangerQuota {
  const day = new Day(clock);
  return {
    allows: (asker, about) => day.count(asker, about) !== "full",
    async requireRoom(asker, about) {
      if (day.count(asker, about) === "full") throw day.refusal();
    },
  };
}

/**
 * The same over several servers. Where an answer cannot wait this server decides by what it knows, tells the others, and
 * learns what they counted: within one round trip a user may get a stranger more on each. While they cannot be asked each
 * counts for itself.
 */
export function sharedStrangerQuota(clock: Clock, shared: SharedStrangers): StrangerQuota {
  const day = new Day(clock);

  async function ask(asker: string, about: string): Promise<boolean> {
    const asked = await shared.ask(asker, about, strangersPerDay);
    day.told(asker, asked);
    return asked.isAllowed;
  }

  return {
    allows(asker, about) {
      const counted = day.count(asker, about);
      if (counted === "counted") ask(asker, about).catch(() => undefined);
      return counted !== "full";
    },
    async requireRoom(asker, about) {
      if (asker === about) return;
      const isAllowed = await ask(asker, about).catch((error: unknown) => {
        if (error instanceof ClusterAway) return day.count(asker, about) !== "full";
        throw error;
      });
      if (!isAllowed) throw day.refusal();
      day.count(asker, about);
    },
  };
}
