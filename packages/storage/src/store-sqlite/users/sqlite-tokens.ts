import type { Token, Tokens } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { orNull, present } from "../row-values.ts";
import type { Settled } from "../settled.ts";

export interface TokenRow {
  readonly id: string;
  readonly user_id: string;
  readonly hash: string;
  readonly device: string | null;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number;
  readonly expires_at_ms: number;
}

/** How many expired tokens go with each new one: more than come, so that they never pile up. */
const expiredPerInsert = 10;

export function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    userId: row.user_id,
    hash: row.hash,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    expiresAtMs: row.expires_at_ms,
    ...present("device", row.device),
  };
}

export function sqliteTokens(file: SqliteFile, settled: Settled): Tokens {
  const insert = file.prepare(
    `INSERT INTO tokens (id, user_id, hash, device, created_at_ms, last_used_at_ms, expires_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropExpired = file.prepare(
    `DELETE FROM tokens WHERE id IN
       (SELECT id FROM tokens WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${expiredPerInsert})`,
  );
  const byHash = file.prepare<TokenRow>("SELECT * FROM tokens WHERE hash = ? AND expires_at_ms > ?");
  const touch = file.prepare<{ expires_at_ms: number }>(
    `UPDATE tokens SET last_used_at_ms = max(last_used_at_ms, ?), expires_at_ms = max(expires_at_ms, ?) WHERE id = ?
     RETURNING expires_at_ms`,
  );
  const ofUser = file.prepare<TokenRow>(
    "SELECT * FROM tokens WHERE user_id = ? AND expires_at_ms > ? ORDER BY created_at_ms DESC, id DESC",
  );
  const revoke = file.prepare("DELETE FROM tokens WHERE user_id = ? AND id = ?");
  const dropDevices = file.prepare("DELETE FROM push_devices WHERE token_id = ? AND user_id = ?");

  return {
    async insert(token) {
      file.transaction(() => {
        dropExpired.run(settled(token.createdAtMs));
        const { id, userId, hash, device, createdAtMs, lastUsedAtMs, expiresAtMs } = token;
        insert.run(id, userId, hash, orNull(device), createdAtMs, lastUsedAtMs, expiresAtMs);
      });
    },
    async findByHash(hash, nowMs) {
      const row = byHash.get(hash, nowMs);
      return row && toToken(row);
    },
    async touch(id, lastUsedAtMs, expiresAtMs) {
      return touch.get(lastUsedAtMs, expiresAtMs, id)?.expires_at_ms ?? expiresAtMs;
    },
    list: async (userId, nowMs) => ofUser.all(userId, nowMs).map(toToken),
    async revoke(userId, id) {
      return file.transaction(() => {
        dropDevices.run(id, userId);
        return revoke.run(userId, id) === 1;
      });
    },
  };
}
