import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Codes as CodeStore } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { addressKey } from "./connection-facts.ts";
import { createSlidingWindow } from "./sliding-window.ts";

const codeMs = 5 * 60_000;
const resendMs = 30_000;
const hourMs = 3_600_000;

/** The limits on one-time codes. Three tries for each of five an hour leave a guesser one chance in 66,000 an hour. */
const codeLimits = {
  expiresInSec: codeMs / 1000,
  tries: 3,
  perNumberAnHour: 5,
  perAddressAnHour: 20,
  maxKeys: 100_000,
} as const;

export interface OneTimeCodes {
  /**
   * Makes the number's one live code and counts it. Refuses with rate_limited; what is refused does not count. Known
   * and unknown numbers are treated alike. Without an address, as for development codes, only the number is limited.
   */
  make(userId: string, address: string | undefined): Promise<string>;
  /** Uses the code up. Refuses with wrong_code: wrong, expired, used, out of tries or never made are all the same. */
  redeem(userId: string, code: string): Promise<void>;
  /** Whether a code was sent to this number and waits for its answer. */
  isPending(userId: string): Promise<boolean>;
}

interface CodeDeps {
  readonly store: CodeStore;
  readonly clock: Clock;
  readonly key: string;
  readonly randomCode: () => string;
}

export function createCodes({ store, clock, key, randomCode }: CodeDeps): OneTimeCodes {
  const { maxKeys, perNumberAnHour, perAddressAnHour } = codeLimits;
  const byNumber = createSlidingWindow(clock, { max: perNumberAnHour, windowMs: hourMs, maxKeys });
  const byAddress = createSlidingWindow(clock, { max: perAddressAnHour, windowMs: hourMs, maxKeys });
  const hashOf = (userId: string, code: string) =>
    createHmac("sha256", key).update(`otp:${userId}:${code}`).digest("hex");

  return {
    async make(userId, address) {
      const nowMs = clock.now();
      const pending = await store.find(userId, nowMs);
      const waits = [
        byNumber.waitMs(userId),
        address === undefined ? 0 : byAddress.waitMs(addressKey(address)),
        pending === undefined ? 0 : pending.sentAtMs + resendMs - nowMs,
      ];
      const retryInMs = Math.max(...waits);
      if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
      // Counted before the write: of many requests at once, no more than the limit get through.
      byNumber.count(userId);
      if (address !== undefined) byAddress.count(addressKey(address));
      const code = randomCode();
      const hash = hashOf(userId, code);
      await store.put({ userId, hash, sentAtMs: nowMs, expiresAtMs: nowMs + codeMs, triesLeft: codeLimits.tries });
      return code;
    },
    async isPending(userId) {
      return (await store.find(userId, clock.now())) !== undefined;
    },

    async redeem(userId, code) {
      const hash = hashOf(userId, code);
      const pending = await store.takeTry(userId, clock.now());
      if (pending === undefined || !isSame(hash, pending.hash)) throw new Refusal("wrong_code");
      if (!(await store.consume(userId, hash))) throw new Refusal("wrong_code");
    },
  };
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
