import type { Codes, PendingCode } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Settled } from "../settled.ts";

export interface CodeRow {
  readonly user_id: string;
  readonly asker: string;
  readonly challenge: string;
  readonly hash: string;
  readonly sent_at_ms: number;
  readonly expires_at_ms: number;
  readonly tries_left: number;
  readonly others_tries_left: number;
}

export const codeColumns = [
  ...["user_id", "asker", "challenge", "hash", "sent_at_ms", "expires_at_ms", "tries_left", "others_tries_left"],
] as const;

/** How many expired codes go with each new one. */
const expiredPerPut = 10;

export function toCode(row: CodeRow): PendingCode {
  return {
    userId: row.user_id,
    asker: row.asker,
    challenge: row.challenge,
    hash: row.hash,
    sentAtMs: row.sent_at_ms,
    expiresAtMs: row.expires_at_ms,
    triesLeft: row.tries_left,
    othersTriesLeft: row.others_tries_left,
  };
}

/** In the order of `codeColumns`. */
export function codeValues(code: PendingCode): readonly (string | number)[] {
  const { userId, asker, challenge, hash, sentAtMs, expiresAtMs, triesLeft, othersTriesLeft } = code;
  return [userId, asker, challenge, hash, sentAtMs, expiresAtMs, triesLeft, othersTriesLeft];
}

export function sqliteCodes(file: SqliteFile, settled: Settled): Codes {
  const put = file.prepare(
    `INSERT OR REPLACE INTO codes (${codeColumns.join(", ")}) VALUES (${codeColumns.map(() => "?").join(", ")})`,
  );
  const dropExpired = file.prepare(
    `DELETE FROM codes WHERE (user_id, asker) IN
       (SELECT user_id, asker FROM codes WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${expiredPerPut})`,
  );
  const dropSurplus = file.prepare(
    `DELETE FROM codes WHERE user_id = ?1 AND asker IN
       (SELECT asker FROM codes WHERE user_id = ?1 ORDER BY sent_at_ms DESC, asker DESC LIMIT -1 OFFSET ?2)`,
  );
  const living = file.prepare<CodeRow>(
    "SELECT * FROM codes WHERE user_id = ? AND expires_at_ms > ? ORDER BY sent_at_ms DESC, asker DESC",
  );
  const one = file.prepare<CodeRow>("SELECT * FROM codes WHERE user_id = ? AND asker = ?");
  const take = (tries: "tries_left" | "others_tries_left") =>
    file.prepare(
      `UPDATE codes SET ${tries} = ${tries} - 1 WHERE user_id = ? AND asker = ? AND expires_at_ms > ? AND ${tries} > 0`,
    );
  const takes = { asker: take("tries_left"), others: take("others_tries_left") };
  const consume = file.prepare("DELETE FROM codes WHERE user_id = ? AND asker = ? AND hash = ?");

  return {
    async put(code, maxOfUser) {
      file.transaction(() => {
        dropExpired.run(settled(code.sentAtMs));
        put.run(...codeValues(code));
        dropSurplus.run(code.userId, maxOfUser);
      });
    },
    list: async (userId, nowMs) => living.all(userId, nowMs).map(toCode),
    async takeTry(userId, asker, by, nowMs) {
      return file.transaction(() => {
        const row = takes[by].run(userId, asker, nowMs) === 1 ? one.get(userId, asker) : undefined;
        return row && toCode(row);
      });
    },
    consume: async (userId, asker, hash) => consume.run(userId, asker, hash) === 1,
  };
}
