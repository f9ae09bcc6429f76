import type { Withdrawal, Withdrawals } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Settled } from "../settled.ts";

export interface WithdrawalRow {
  readonly key: string;
  readonly owner: string;
  readonly at_ms: number;
  readonly expires_at_ms: number;
}

/** How many expired ones go with each new one: more than come, so that they never pile up. */
const expiredPerPut = 10;

export function toWithdrawal(row: WithdrawalRow): Withdrawal {
  return { key: row.key, owner: row.owner, atMs: row.at_ms, expiresAtMs: row.expires_at_ms };
}

export function sqliteWithdrawals(file: SqliteFile, settled: Settled): Withdrawals {
  const firstToGo = "DELETE FROM withdrawals WHERE key IN (SELECT key FROM withdrawals";
  const dropExpired = file.prepare(
    `${firstToGo} WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${expiredPerPut})`,
  );
  const dropSurplus = file.prepare(`${firstToGo} ORDER BY expires_at_ms LIMIT ?)`);
  const countAll = file.prepare<{ n: number }>("SELECT count(*) AS n FROM withdrawals");
  const countOthers = file.prepare<{ n: number }>(
    "SELECT count(*) AS n FROM withdrawals WHERE owner = ? AND key <> ? AND expires_at_ms > ?",
  );
  const keep = file.prepare(
    `INSERT INTO withdrawals (key, owner, at_ms, expires_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET
       at_ms = max(at_ms, excluded.at_ms), expires_at_ms = max(expires_at_ms, excluded.expires_at_ms)`,
  );
  const byKey = file.prepare<WithdrawalRow>("SELECT * FROM withdrawals WHERE key = ? AND expires_at_ms > ?");

  return {
    async put({ key, owner, atMs, expiresAtMs }, { maxOfOwner, maxInAll }, nowMs) {
      return file.transaction(() => {
        dropExpired.run(settled(nowMs));
        if ((countOthers.get(owner, key, nowMs)?.n ?? 0) >= maxOfOwner) return "full";
        keep.run(key, owner, atMs, expiresAtMs);
        const surplus = (countAll.get()?.n ?? 0) - maxInAll;
        if (surplus > 0) dropSurplus.run(surplus);
        return "kept";
      });
    },
    find: async (keys, nowMs) => keys.flatMap((key) => byKey.all(key, nowMs).map(toWithdrawal)),
  };
}
