import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Codes as CodeStore, Instant, PendingCode } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import type { MakeLimit } from "./limit.ts";
import { createOneAtATime } from "./one-at-a-time.ts";

const codeMs = 5 * 60_000;
const resendMs = 30_000;
const hourMs = 3_600_000;
/** What was made as something else, such as a development code, does not pass for a code that was sent. */
type CodeKind = "development" | "sent";

/** The limits on one-time codes. Three tries for each of five an hour leave a guesser one chance in 66,000 an hour. */
const codeLimits = {
  expiresInSec: codeMs / 1000,
  tries: 3,
  perNumberAnHour: 5,
  perAddressAnHour: 20,
} as const;

export interface OneTimeCodes {
  readonly expiresInSec: number;
  /**
   * Makes the number's one live code and counts it. Refuses with rate_limited; what is refused does not count. Known
   * and unknown numbers are treated alike. Without an address, as for development codes, only the number is limited.
   */
  make(userId: string, address: string | undefined): Promise<string>;
  /** The code that was just made did not reach anybody: it counts no more, and the next one may come at once. */
  withdraw(userId: string, address: string | undefined, code: string): Promise<void>;
  /** Uses the code up. Refuses with wrong_code: wrong, expired, used, out of tries or never made are all the same. */
  redeem(userId: string, code: string): Promise<void>;
  /** Whether a code was sent to this number and waits for its answer. */
  isPending(userId: string): Promise<boolean>;
}

interface CodeDeps {
  readonly store: CodeStore;
  readonly clock: Clock;
  readonly key: string;
  readonly kind: CodeKind;
  readonly makeLimit: MakeLimit;
  readonly randomCode: () => string;
}

export function createCodes({ store, clock, key, kind, makeLimit, randomCode }: CodeDeps): OneTimeCodes {
  const { expiresInSec, perNumberAnHour, perAddressAnHour } = codeLimits;
  const byNumber = makeLimit({ name: "codes:number", max: perNumberAnHour, windowMs: hourMs });
  const byAddress = makeLimit({ name: "codes:address", max: perAddressAnHour, windowMs: hourMs });
  const oneAtATime = createOneAtATime();
  const hashOf = (userId: string, code: string) =>
    createHmac("sha256", key).update(`otp:${kind}:${userId}:${code}`).digest("hex");

  /** Counts for both or for neither; how long to wait, where it cannot be. */
  async function take(userId: string, from: string | undefined): Promise<number> {
    const waitMs = Math.max(await byNumber.waitMs(userId), from === undefined ? 0 : await byAddress.waitMs(from));
    if (waitMs > 0) return waitMs;
    const ofNumber = await byNumber.take(userId);
    const ofAddress = ofNumber > 0 || from === undefined ? 0 : await byAddress.take(from);
    if (ofAddress > 0) await byNumber.giveBack(userId);
    return Math.max(ofNumber, ofAddress);
  }

  async function giveBack(userId: string, from: string | undefined): Promise<void> {
    await byNumber.giveBack(userId);
    if (from !== undefined) await byAddress.giveBack(from);
  }

  async function make(userId: string, from: string | undefined): Promise<string> {
    const nowMs = clock.now();
    const pending = await store.find(userId, nowMs);
    const resendInMs = pending === undefined ? 0 : untilResendMs(pending, nowMs);
    const retryInMs = resendInMs > 0 ? Math.max(resendInMs, await byNumber.waitMs(userId)) : await take(userId, from);
    if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
    const code = randomCode();
    const hash = hashOf(userId, code);
    try {
      await store.put({ userId, hash, sentAtMs: nowMs, expiresAtMs: nowMs + codeMs, triesLeft: codeLimits.tries });
    } catch (error) {
      await giveBack(userId, from);
      throw error;
    }
    return code;
  }

  return {
    expiresInSec,
    // One after the other: of two requests at once for a number, the second finds the first one's code.
    make: (userId, address) => oneAtATime(userId, () => make(userId, address)),
    async withdraw(userId, address, code) {
      await giveBack(userId, address);
      await store.consume(userId, hashOf(userId, code));
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

/** One that was sent in the future was sent before the clock was set back; the limits by the hour hold all the same. */
function untilResendMs({ sentAtMs }: PendingCode, now: Instant): number {
  return sentAtMs > now ? 0 : sentAtMs + resendMs - now;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
