import type { Clock } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { LRUCache } from "lru-cache";
import { TokenBucket } from "./token-bucket.ts";

/** What may arrive in frames beyond the usual size. */
export const largeFrameBounds = {
  /** Under way at once, in all; past it the one that began first is cut off. */
  bytesAtOnce: 64 * 1024 * 1024,
  /** Of one user; the same. */
  atOncePerUser: 2,
  /** The longest call's report needs this long at 1 Mbit/s. */
  longestMs: 60_000,
  /**
   * What one user may send in such frames, over all sockets; past it a socket that sent one is not read for a while.
   */
  userBurstBytes: 2 * limits.skippedFrameBytes,
  userBytesPerSec: 64 * 1024,
  longestPauseMs: 60_000,
  /** Past it those of whom nothing was heard for longest are forgotten. */
  followedUsers: 10_000,
} as const;

type Bounds = { readonly [K in keyof typeof largeFrameBounds]: number };

/** A large frame under way. */
export interface Arrival {
  /** More of it is here. */
  readonly grown: (bytes: number) => void;
  /** It is whole, or its socket is gone. */
  readonly end: () => void;
}

interface UnderWay {
  readonly user: string;
  bytes: number;
  readonly cutOff: () => void;
}

/**
 * Bounds what large frames take of memory and time: at once for the server and for each user, and in a while for each
 * user. A client that sends them drop by drop holds no more than one that sends them at once.
 */
export class LargeFrames {
  readonly #clock: Clock;
  readonly #bounds: Bounds;
  /** In the order of their beginning. */
  readonly #underWay = new Set<UnderWay>();
  #bytes = 0;
  readonly #buckets: LRUCache<string, TokenBucket>;

  constructor(clock: Clock, bounds: Bounds = largeFrameBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#buckets = new LRUCache({ max: bounds.followedUsers });
  }

  /**
   * A frame of this user is larger than usual; `cut` ends its socket where there are too many, or it takes too long.
   */
  begin(user: string, cut: () => void): Arrival {
    const end = () => {
      cancel();
      if (this.#underWay.delete(arrival)) this.#bytes -= arrival.bytes;
    };
    const cutOff = () => {
      end();
      cut();
    };
    const arrival: UnderWay = { user, bytes: 0, cutOff };
    const cancel = this.#clock.after(this.#bounds.longestMs, cutOff);
    this.#underWay.add(arrival);
    const own = [...this.#underWay].filter((other) => other.user === user);
    if (own.length > this.#bounds.atOncePerUser) own[0]?.cutOff();
    return { grown: (bytes) => this.#grown(arrival, bytes), end };
  }

  /** Counts a large frame that is whole; tells how long its socket is not to be read now. */
  charge(user: string, bytes: number): number {
    const nowMs = this.#clock.steady();
    const { userBurstBytes: burst, userBytesPerSec: perSec, longestPauseMs } = this.#bounds;
    const bucket = this.#buckets.get(user) ?? new TokenBucket({ burst, perSec }, nowMs);
    this.#buckets.set(user, bucket);
    return Math.min(longestPauseMs, bucket.take(nowMs, bytes));
  }

  #grown(arrival: UnderWay, bytes: number): void {
    if (!this.#underWay.has(arrival)) return;
    arrival.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > this.#bounds.bytesAtOnce) {
      const [first] = this.#underWay;
      first?.cutOff();
    }
  }
}
