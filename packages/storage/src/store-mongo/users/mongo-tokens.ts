import type { PushDevice, Token, Tokens } from "@echoo/core";
import { expiry } from "../link/expiry.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text, textOrAbsent } from "../link/stored-text.ts";

export interface TokenDocument extends Omit<Token, "id"> {
  readonly _id: string;
  readonly expiry: Date;
}

export function toToken({ _id: id, expiry: _, ...rest }: TokenDocument): Token {
  return { id, ...rest };
}

export function toTokenDocument(token: Token): TokenDocument {
  const { id, userId, hash, device, createdAtMs, lastUsedAtMs, expiresAtMs } = token;
  return {
    _id: text(id),
    userId: text(userId),
    hash: text(hash),
    ...textOrAbsent("device", device),
    ...{ createdAtMs, lastUsedAtMs, expiresAtMs },
    expiry: expiry(expiresAtMs),
  };
}

export function mongoTokens(link: MongoLink): Tokens {
  const tokens = link.collection<TokenDocument>("tokens");

  return {
    async insert(token) {
      await link.run(() => tokens.insertOne(toTokenDocument(token)));
    },
    async findByHash(hash, nowMs) {
      const found = await link.run(() => tokens.findOne({ hash: text(hash), expiresAtMs: { $gt: nowMs } }));
      return found === null ? undefined : toToken(found);
    },
    async touch(id, lastUsedAtMs, expiresAtMs) {
      const times = { lastUsedAtMs, expiresAtMs, expiry: expiry(expiresAtMs) };
      const latest = { $max: times };
      const options = { returnDocument: "after" } as const;
      const touched = await link.run(() => tokens.findOneAndUpdate({ _id: text(id) }, latest, options));
      return touched?.expiresAtMs ?? expiresAtMs;
    },
    async list(userId, nowMs) {
      const found = await link.run(() =>
        tokens
          .find({ userId: text(userId), expiresAtMs: { $gt: nowMs } })
          .sort({ createdAtMs: -1, _id: -1 })
          .toArray(),
      );
      return found.map(toToken);
    },
    async revoke(userId, id) {
      const done = await link.run(() => tokens.deleteOne({ _id: text(id), userId: text(userId) }));
      const devices = link.collection<Pick<PushDevice, "tokenId" | "userId">>("push_devices");
      await link.run(() => devices.deleteMany({ tokenId: text(id), userId: text(userId) }));
      return done.deletedCount === 1;
    },
  };
}
