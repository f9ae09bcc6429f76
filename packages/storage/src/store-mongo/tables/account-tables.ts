import type { Erasure, PendingCode, Token, User, Withdrawal } from "@echoo/core";
import type { KeptInvitation, Table, TablesOptions } from "../../tables/store-tables.ts";
import { expiry } from "../link/expiry.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text, textOrAbsent } from "../link/stored-text.ts";
import { type ErasureDocument, toErasure } from "../users/erasures.ts";
import { type CodeDocument, codeId, toCode, toCodeDocument } from "../users/mongo-codes.ts";
import type { InvitationDocument } from "../users/mongo-invitations.ts";
import { type TokenDocument, toToken, toTokenDocument } from "../users/mongo-tokens.ts";
import { toWithdrawal, toWithdrawalDocument, type WithdrawalDocument } from "../users/mongo-withdrawals.ts";
import { toUser, type UserDocument } from "../users/user-document.ts";
import { mongoTable } from "./mongo-table.ts";

/** Documents whose texts all have bounds of their own. */
const small = () => 1000;

export function usersTable(link: MongoLink): Table<User> {
  return mongoTable<UserDocument, User>(link, {
    collection: link.collection("users"),
    idOf: ([id]) => id,
    toEntry: toUser,
    toDocument: ({ id, displayName, presence, doNotDisturb, proof, admin, createdAtMs, lastSeenAtMs, suspended }) => ({
      _id: text(id),
      ...textOrAbsent("displayName", displayName),
      ...{ presence, doNotDisturb, admin, createdAtMs },
      ...(proof === undefined ? {} : { proof }),
      ...(lastSeenAtMs === undefined ? {} : { lastSeenAtMs }),
      ...(suspended ? { suspended } : {}),
    }),
    chars: ({ displayName = "" }) => displayName.length + 500,
  });
}

export function erasuresTable(link: MongoLink): Table<Erasure> {
  return mongoTable<ErasureDocument, Erasure>(link, {
    collection: link.collection("erasures"),
    idOf: ([id]) => id,
    toEntry: toErasure,
    toDocument: ({ userId, replacement }) => ({ _id: text(userId), replacement: text(replacement) }),
    chars: small,
  });
}

export function tokensTable(link: MongoLink, { nowMs }: TablesOptions): Table<Token> {
  return mongoTable<TokenDocument, Token>(link, {
    collection: link.collection("tokens"),
    living: { expiresAtMs: { $gt: nowMs } },
    idOf: ([id]) => id,
    toEntry: toToken,
    toDocument: toTokenDocument,
    chars: small,
  });
}

export function codesTable(link: MongoLink, { nowMs }: TablesOptions): Table<PendingCode> {
  return mongoTable<CodeDocument, PendingCode>(link, {
    collection: link.collection("codes"),
    // What an older version left has no asker, and is void.
    living: { expiresAtMs: { $gt: nowMs }, asker: { $exists: true } },
    idOf: ([userId, asker = ""]) => codeId(userId, asker),
    toEntry: toCode,
    toDocument: toCodeDocument,
    chars: small,
  });
}

export function invitationsTable(link: MongoLink, { nowMs }: TablesOptions): Table<KeptInvitation> {
  return mongoTable<InvitationDocument, KeptInvitation>(link, {
    collection: link.collection("invitations"),
    living: { expiry: { $gt: expiry(nowMs) } },
    idOf: ([id]) => id,
    toEntry: ({ _id: id, expiry: until, ...rest }) => ({ id, ...rest, expiresAtMs: until.getTime() }),
    toDocument: ({ id, claimId, claimant, sinceMs, untilMs, used, expiresAtMs }) => ({
      _id: text(id),
      claimId: text(claimId),
      claimant: text(claimant),
      ...{ sinceMs, untilMs, used },
      expiry: expiry(expiresAtMs),
    }),
    chars: small,
  });
}

export function withdrawalsTable(link: MongoLink, { nowMs }: TablesOptions): Table<Withdrawal> {
  return mongoTable<WithdrawalDocument, Withdrawal>(link, {
    collection: link.collection("withdrawals"),
    living: { expiresAtMs: { $gt: nowMs } },
    idOf: ([key]) => key,
    toEntry: toWithdrawal,
    toDocument: toWithdrawalDocument,
    chars: small,
  });
}
