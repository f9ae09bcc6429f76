import type { Codes, Instant, PendingCode } from "@echoo/core";
import { untilNoDuplicate } from "./by-turns.ts";
import { expiry } from "./expiry.ts";
import type { MongoLink } from "./mongo-link.ts";
import { text } from "./stored-text.ts";

export interface CodeDocument extends Omit<PendingCode, "userId"> {
  readonly _id: string;
  readonly expiry: Date;
}

export function toCode({ _id: userId, expiry: _, ...rest }: CodeDocument): PendingCode {
  return { userId, ...rest };
}

function found(document: CodeDocument | null): PendingCode | undefined {
  return document === null ? undefined : toCode(document);
}

export function mongoCodes(link: MongoLink): Codes {
  const codes = link.collection<CodeDocument>("codes");
  const living = (userId: string, nowMs: Instant) => ({ _id: text(userId), expiresAtMs: { $gt: nowMs } });

  return {
    async put({ userId, hash, sentAtMs, expiresAtMs, triesLeft }) {
      const code = { hash: text(hash), sentAtMs, expiresAtMs, triesLeft, expiry: expiry(expiresAtMs) };
      await untilNoDuplicate(() => link.run(() => codes.replaceOne({ _id: text(userId) }, code, { upsert: true })));
    },
    find: async (userId, nowMs) => found(await link.run(() => codes.findOne(living(userId, nowMs)))),
    async takeTry(userId, nowMs) {
      const filter = { ...living(userId, nowMs), triesLeft: { $gt: 0 } };
      const less = { $inc: { triesLeft: -1 } };
      return found(await link.run(() => codes.findOneAndUpdate(filter, less, { returnDocument: "after" })));
    },
    async consume(userId, hash) {
      const done = await link.run(() => codes.deleteOne({ _id: text(userId), hash: text(hash) }));
      return done.deletedCount === 1;
    },
  };
}
