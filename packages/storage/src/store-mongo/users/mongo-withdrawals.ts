import type { Withdrawal, Withdrawals } from "@echoo/core";
import { expiry } from "../link/expiry.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

export interface WithdrawalDocument extends Omit<Withdrawal, "key"> {
  readonly _id: string;
  readonly expiry: Date;
}

export function toWithdrawal({ _id: key, expiry: _, ...rest }: WithdrawalDocument): Withdrawal {
  return { key, ...rest };
}

export function toWithdrawalDocument({ key, owner, atMs, expiresAtMs }: Withdrawal): WithdrawalDocument {
  return { _id: text(key), owner: text(owner), atMs, expiresAtMs, expiry: expiry(expiresAtMs) };
}

export function mongoWithdrawals(link: MongoLink): Withdrawals {
  const withdrawals = link.collection<WithdrawalDocument>("withdrawals");

  async function makeRoom(maxInAll: number): Promise<void> {
    const surplus = (await link.run(() => withdrawals.estimatedDocumentCount())) - maxInAll;
    if (surplus <= 0) return;
    const first = withdrawals
      .find({}, { projection: { _id: 1 } })
      .sort({ expiry: 1 })
      .limit(surplus);
    const ids = (await link.run(() => first.toArray())).map(({ _id }) => _id);
    await link.run(() => withdrawals.deleteMany({ _id: { $in: ids } }));
  }

  return {
    async put(withdrawal, { maxOfOwner, maxInAll }, nowMs) {
      const { _id, owner, ...times } = toWithdrawalDocument(withdrawal);
      const others = { owner, _id: { $ne: _id }, expiresAtMs: { $gt: nowMs } };
      const counted = await link.run(() => withdrawals.countDocuments(others, { limit: maxOfOwner }));
      if (counted >= maxOfOwner) return "full";
      const latest = { $setOnInsert: { owner }, $max: times };
      await untilNoDuplicate(() => link.run(() => withdrawals.updateOne({ _id }, latest, { upsert: true })));
      await makeRoom(maxInAll);
      return "kept";
    },
    async find(keys, nowMs) {
      const living = { _id: { $in: keys.map(text) }, expiresAtMs: { $gt: nowMs } };
      return (await link.run(() => withdrawals.find(living).toArray())).map(toWithdrawal);
    },
  };
}
