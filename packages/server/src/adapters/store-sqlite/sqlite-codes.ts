import type { Codes, Instant, PendingCode } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Settled } from "./settled.ts";

export interface CodeRow {
  readonly user_id: string;
  readonly hash: string;
  readonly sent_at_ms: number;
  readonly expires_at_ms: number;
  readonly tries_left: number;
}

/** How many expired codes go with each new one. */
const expiredPerPut = 10;

export function toCode(row: CodeRow): PendingCode {
  return {
    userId: row.user_id,
    hash: row.hash,
    sentAtMs: row.sent_at_ms,
    expiresAtMs: row.expires_at_ms,
    triesLeft: row.tries_left,
  };
}

export function sqliteCodes(file: SqliteFile, settled: Settled): Codes {
  const put = file.prepare(
    "INSERT OR REPLACE INTO codes (user_id, hash, sent_at_ms, expires_at_ms, tries_left) VALUES (?, ?, ?, ?, ?)",
  );
  const dropExpired = file.prepare(
    `DELETE FROM codes WHERE user_id IN
       (SELECT user_id FROM codes WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${expiredPerPut})`,
  );
  const find = file.prepare<CodeRow>("SELECT * FROM codes WHERE user_id = ? AND expires_at_ms > ?");
  const pending = (userId: string, nowMs: Instant): PendingCode | undefined => {
    const row = find.get(userId, nowMs);
    return row && toCode(row);
  };
  const takeTry = file.prepare(
    "UPDATE codes SET tries_left = tries_left - 1 WHERE user_id = ? AND expires_at_ms > ? AND tries_left > 0",
  );
  const consume = file.prepare("DELETE FROM codes WHERE user_id = ? AND hash = ?");

  return {
    async put(code) {
      file.transaction(() => {
        dropExpired.run(settled(code.sentAtMs));
        put.run(code.userId, code.hash, code.sentAtMs, code.expiresAtMs, code.triesLeft);
      });
    },
    find: async (userId, nowMs) => pending(userId, nowMs),
    async takeTry(userId, nowMs) {
      return takeTry.run(userId, nowMs) === 1 ? pending(userId, nowMs) : undefined;
    },
    consume: async (userId, hash) => consume.run(userId, hash) === 1,
  };
}
