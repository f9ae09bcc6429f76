import type { Codes, PendingCode } from "@echoo/core";
import { expiry } from "../link/expiry.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

export interface CodeDocument extends PendingCode {
  readonly _id: string;
  readonly expiry: Date;
}

export function toCode({ _id, expiry: _, ...code }: CodeDocument): PendingCode {
  return code;
}

/** An asker is a name of the server's own, without a colon in it. */
export function codeId(userId: string, asker: string): string {
  return `${text(asker)}:${text(userId)}`;
}

export function toCodeDocument(code: PendingCode): CodeDocument {
  const { userId, asker, challenge, hash, sentAtMs, expiresAtMs, triesLeft, othersTriesLeft } = code;
  return {
    _id: codeId(userId, asker),
    ...{ userId: text(userId), asker: text(asker), challenge: text(challenge), hash: text(hash) },
    ...{ sentAtMs, expiresAtMs, triesLeft, othersTriesLeft },
    expiry: expiry(expiresAtMs),
  };
}

export function mongoCodes(link: MongoLink): Codes {
  const codes = link.collection<CodeDocument>("codes");
  const newestFirst = { sentAtMs: -1, _id: -1 } as const;

  return {
    async put(code, maxOfUser) {
      const { _id, ...document } = toCodeDocument(code);
      await untilNoDuplicate(() => link.run(() => codes.replaceOne({ _id }, document, { upsert: true })));
      const ofUser = codes.find({ userId: text(code.userId) }, { projection: { _id: 1 } });
      const surplus = await link.run(() => ofUser.sort(newestFirst).skip(maxOfUser).toArray());
      const ids = surplus.map((each) => each._id);
      if (ids.length > 0) await link.run(() => codes.deleteMany({ _id: { $in: ids } }));
    },
    async list(userId, nowMs) {
      const living = { userId: text(userId), expiresAtMs: { $gt: nowMs } };
      return (await link.run(() => codes.find(living).sort(newestFirst).toArray())).map(toCode);
    },
    async takeTry(userId, asker, by, nowMs) {
      const tries = by === "asker" ? "triesLeft" : "othersTriesLeft";
      const filter = { _id: codeId(userId, asker), expiresAtMs: { $gt: nowMs }, [tries]: { $gt: 0 } };
      const less = { $inc: { [tries]: -1 } };
      const taken = await link.run(() => codes.findOneAndUpdate(filter, less, { returnDocument: "after" }));
      return taken === null ? undefined : toCode(taken);
    },
    async consume(userId, asker, hash) {
      const done = await link.run(() => codes.deleteOne({ _id: codeId(userId, asker), hash: text(hash) }));
      return done.deletedCount === 1;
    },
  };
}
