import type { Clock } from "@echoo/core";
import { limits, Refusal } from "@echoo/protocol";

const dayMs = 24 * 3_600_000;
/** Users counted by themselves within a day. Those beyond share one count: a flood of them must not fill memory. */
export const maxCounted = 100_000;
const crowd = "";

/**
 * How many new calls a user may post on a day (of UTC). What is posted makes the oldest posted calls go: without this
 * a client that went wrong, or another person on the same Wi-Fi, would have pushed out years of them within minutes.
 */
export interface PostingQuota {
  /** Counts one. Refuses one past the bound, rate_limited until midnight. */
  requireRoom(userId: string): void;
}

export function createPostingQuota(
  clock: Pick<Clock, "now">,
  perDay: number = limits.postedCallsPerDay,
  maxUsers = maxCounted,
): PostingQuota {
  let day = -1;
  let posted = new Map<string, number>();

  return {
    requireRoom(userId) {
      const today = Math.floor(clock.now() / dayMs);
      if (today !== day) {
        day = today;
        posted = new Map();
      }
      const key = posted.has(userId) || posted.size < maxUsers ? userId : crowd;
      const count = posted.get(key) ?? 0;
      if (count >= perDay) {
        const message = `You have saved ${perDay} calls today, as many as a day allows.`;
        throw new Refusal("rate_limited", { message, retryInMs: dayMs - (clock.now() % dayMs) });
      }
      posted.set(key, count + 1);
    },
  };
}
