import { type ErrorCode, Refusal } from "@echoo/protocol";
import { type Counted, giveBackAll, takeAll } from "./take-all.ts";

const wrongCodes: readonly ErrorCode[] = ["wrong_code", "invite_invalid", "invite_expired", "invite_used"];

/**
 * Looks at a proof that a client shows, unless it has shown as many wrong ones as one may. Counted before it is
 * looked at, so that of many at once no more are looked at, and given back where it was right.
 */
export async function countingWrong<T>(counted: Counted, look: () => Promise<T>): Promise<T> {
  const retryInMs = await takeAll([counted]);
  if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
  let isWrong = false;
  try {
    return await look();
  } catch (error) {
    isWrong = error instanceof Refusal && wrongCodes.includes(error.code);
    throw error;
  } finally {
    if (!isWrong) await giveBackAll([counted]);
  }
}
