import type { Ids } from "@echoo/core";
import { seededRandom } from "./seeded-random.ts";

/** Ids that are the same in every run with the same seed, and have the shape of version 4 UUIDs. */
export function seededIds(seed: number): Ids {
  const random = seededRandom(seed);
  const uuid = () => uuidFrom(random);
  return { callId: uuid, sessionId: uuid, tokenId: uuid, erasedUserId: () => `deleted:${uuid()}` };
}

/** A version 4 UUID (RFC 9562, section 5.4) from the given source of numbers in [0, 1). */
function uuidFrom(random: () => number): string {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) => {
    const nibble = Math.floor(random() * 16);
    return (place === "x" ? nibble : (nibble & 0x3) | 0x8).toString(16);
  });
}
