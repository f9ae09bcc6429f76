import type { ClaimOutcome, Invitations } from "@echoo/core";
import { expiry } from "../link/expiry.ts";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

export interface InvitationDocument {
  readonly _id: string;
  readonly claimId: string;
  readonly claimant: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly used: boolean;
  readonly expiry: Date;
}

export function mongoInvitations(link: MongoLink): Invitations {
  const invitations = link.collection<InvitationDocument>("invitations");

  async function standing(id: string): Promise<ClaimOutcome | undefined> {
    const found = await link.run(() => invitations.findOne({ _id: id }));
    // Given back in this very moment: the next turn gets it.
    if (found === null) return undefined;
    return found.used ? { state: "used" } : { state: "busy", untilMs: found.untilMs };
  }

  return {
    async claim(given) {
      const { nowMs, untilMs } = given;
      const id = text(given.invitationId);
      const claimant = { $literal: text(given.claimant) };
      const taken = {
        sinceMs: { $cond: [{ $eq: ["$claimant", claimant] }, "$sinceMs", nowMs] },
        ...{ claimId: { $literal: text(given.claimId) }, claimant, untilMs, used: false },
        expiry: expiry(given.expiresAtMs),
      };
      return retryOptimistically<ClaimOutcome>(async () => {
        try {
          const isFree = [{ untilMs: { $lte: nowMs } }, { untilMs: { $gt: untilMs + (untilMs - nowMs) } }];
          const filter = { _id: id, used: false, $or: isFree };
          const options = { upsert: true, returnDocument: "after" } as const;
          const mine = await link.run(() => invitations.findOneAndUpdate(filter, [{ $set: taken }], options));
          return mine === null ? undefined : { state: "claimed", sinceMs: mine.sinceMs };
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          return standing(id);
        }
      });
    },
    async complete(invitationId, claimId) {
      const filter = { _id: text(invitationId), claimId: text(claimId) };
      const done = await link.run(() => invitations.updateOne(filter, { $set: { used: true } }));
      return done.matchedCount === 1;
    },
    async isUsed(invitationId) {
      return (await link.run(() => invitations.findOne({ _id: text(invitationId), used: true }))) !== null;
    },
    async lapse(invitationId, claimId) {
      const filter = { _id: text(invitationId), claimId: text(claimId) };
      await link.run(() => invitations.updateOne(filter, { $set: { untilMs: 0 } }));
    },
    async release(invitationId, claimId) {
      const filter = { _id: text(invitationId), claimId: text(claimId), used: false };
      await link.run(() => invitations.deleteOne(filter));
    },
  };
}
