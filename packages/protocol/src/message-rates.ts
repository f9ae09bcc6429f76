import type { LimitFamily } from "./message.ts";

interface MessageRate {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSec: number;
  readonly counts: string;
}

/**
 * The token buckets of one socket. Over its rate a socket is not read until the bucket allows it: nothing is
 * dropped, TCP pushes back; after 5 s of that it is closed with 4429.
 */
export const messageRates = {
  candidate: { burst: 200, perSec: 50, counts: "candidates" },
  offer: { burst: 10, perSec: 0.5, counts: "offers" },
  talk: { burst: 20, perSec: 5, counts: "chat and emoji" },
  stats: { burst: 5, perSec: 1, counts: "statistics" },
  other: { burst: 60, perSec: 20, counts: "everything else" },
} as const satisfies Record<LimitFamily, MessageRate>;
