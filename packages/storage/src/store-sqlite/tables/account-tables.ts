import type { Erasure, PendingCode, Token, User, Withdrawal } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { KeptInvitation, Table, TablesOptions } from "../../tables/store-tables.ts";
import { flag, orNull } from "../row-values.ts";
import { type ErasureRow, toErasure } from "../users/erasures.ts";
import { type CodeRow, codeColumns, codeValues, toCode } from "../users/sqlite-codes.ts";
import { type TokenRow, toToken } from "../users/sqlite-tokens.ts";
import { toWithdrawal, type WithdrawalRow } from "../users/sqlite-withdrawals.ts";
import { toUser, type UserRow } from "../users/user-row.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

export function usersTable(file: SqliteFile): Table<User> {
  const columns = ["id", "display_name", "presence", "do_not_disturb", "proof", "admin"];
  const put = file.prepare(upsertSql("users", 1, [...columns, "created_at_ms", "last_seen_at_ms", "suspended"]));
  return sqliteTable<UserRow, User>(file, {
    table: "users",
    key: ["id"],
    keyOf: ({ id }) => [id],
    toEntry: toUser,
    put({ id, displayName, presence, doNotDisturb, proof, admin, createdAtMs, lastSeenAtMs, suspended }) {
      const account = [id, orNull(displayName), presence, flag(doNotDisturb), orNull(proof), flag(admin)];
      put.run(...account, createdAtMs, orNull(lastSeenAtMs), flag(suspended ?? false));
    },
  });
}

export function erasuresTable(file: SqliteFile): Table<Erasure> {
  const put = file.prepare(upsertSql("erasures", 1, ["user_id", "replacement"]));
  return sqliteTable<ErasureRow, Erasure>(file, {
    table: "erasures",
    key: ["user_id"],
    keyOf: (row) => [row.user_id],
    toEntry: toErasure,
    put: ({ userId, replacement }) => void put.run(userId, replacement),
  });
}

export function tokensTable(file: SqliteFile, { nowMs }: TablesOptions): Table<Token> {
  const columns = ["id", "user_id", "hash", "device", "created_at_ms", "last_used_at_ms", "expires_at_ms"];
  const put = file.prepare(upsertSql("tokens", 1, columns));
  return sqliteTable<TokenRow, Token>(file, {
    table: "tokens",
    key: ["id"],
    living: { sql: "expires_at_ms > ?", value: nowMs },
    keyOf: ({ id }) => [id],
    toEntry: toToken,
    put({ id, userId, hash, device, createdAtMs, lastUsedAtMs, expiresAtMs }) {
      put.run(id, userId, hash, orNull(device), createdAtMs, lastUsedAtMs, expiresAtMs);
    },
  });
}

export function codesTable(file: SqliteFile, { nowMs }: TablesOptions): Table<PendingCode> {
  const put = file.prepare(upsertSql("codes", 2, codeColumns));
  return sqliteTable<CodeRow, PendingCode>(file, {
    table: "codes",
    key: ["user_id", "asker"],
    living: { sql: "expires_at_ms > ?", value: nowMs },
    keyOf: (row) => [row.user_id, row.asker],
    toEntry: toCode,
    put: (code) => void put.run(...codeValues(code)),
  });
}

export function invitationsTable(file: SqliteFile, { nowMs }: TablesOptions): Table<KeptInvitation> {
  const columns = ["id", "claim_id", "claimant", "since_ms", "until_ms", "used", "expires_at_ms"];
  const put = file.prepare(upsertSql("invitations", 1, columns));
  return sqliteTable<StoredInvitationRow, KeptInvitation>(file, {
    table: "invitations",
    key: ["id"],
    living: { sql: "expires_at_ms > ?", value: nowMs },
    keyOf: ({ id }) => [id],
    toEntry: (row) => ({
      id: row.id,
      claimId: row.claim_id,
      claimant: row.claimant,
      sinceMs: row.since_ms,
      untilMs: row.until_ms,
      used: row.used === 1,
      expiresAtMs: row.expires_at_ms,
    }),
    put: ({ id, claimId, claimant, sinceMs, untilMs, used, expiresAtMs }) =>
      void put.run(id, claimId, claimant, sinceMs, untilMs, flag(used), expiresAtMs),
  });
}

export function withdrawalsTable(file: SqliteFile, { nowMs }: TablesOptions): Table<Withdrawal> {
  const put = file.prepare(upsertSql("withdrawals", 1, ["key", "owner", "at_ms", "expires_at_ms"]));
  return sqliteTable<WithdrawalRow, Withdrawal>(file, {
    table: "withdrawals",
    key: ["key"],
    living: { sql: "expires_at_ms > ?", value: nowMs },
    keyOf: ({ key }) => [key],
    toEntry: toWithdrawal,
    put: ({ key, owner, atMs, expiresAtMs }) => void put.run(key, owner, atMs, expiresAtMs),
  });
}

interface StoredInvitationRow {
  readonly id: string;
  readonly claim_id: string;
  readonly claimant: string;
  readonly since_ms: number;
  readonly until_ms: number;
  readonly used: number;
  readonly expires_at_ms: number;
}
