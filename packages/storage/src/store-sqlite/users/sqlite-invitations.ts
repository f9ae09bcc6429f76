import type { Invitations } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Settled } from "../settled.ts";

interface InvitationRow {
  readonly since_ms: number;
  readonly until_ms: number;
  readonly used: number;
}

/** A clock that is set back must not make a used invitation fresh again. */
const keptAfterExpiryMs = 24 * 3_600_000;
/** How many expired ones go with each new one. */
const expiredPerClaim = 10;

export function sqliteInvitations(file: SqliteFile, settled: Settled): Invitations {
  const find = file.prepare<InvitationRow>("SELECT since_ms, until_ms, used FROM invitations WHERE id = ?");
  const claim = file.prepare(
    `INSERT INTO invitations (id, claim_id, claimant, since_ms, until_ms, used, expires_at_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
     ON CONFLICT (id) DO UPDATE SET
       since_ms = iif(claimant = excluded.claimant, since_ms, excluded.since_ms),
       claim_id = excluded.claim_id, claimant = excluded.claimant, until_ms = excluded.until_ms
     WHERE used = 0 AND (until_ms <= ?4 OR until_ms > ?5 + (?5 - ?4))`,
  );
  const complete = file.prepare("UPDATE invitations SET used = 1 WHERE id = ? AND claim_id = ?");
  const lapse = file.prepare("UPDATE invitations SET until_ms = 0 WHERE id = ? AND claim_id = ?");
  const release = file.prepare("DELETE FROM invitations WHERE id = ? AND claim_id = ? AND used = 0");
  const dropExpired = file.prepare(
    `DELETE FROM invitations WHERE id IN
       (SELECT id FROM invitations WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${expiredPerClaim})`,
  );

  return {
    async claim({ invitationId, claimId, claimant, nowMs, untilMs, expiresAtMs }) {
      return file.transaction(() => {
        dropExpired.run(settled(nowMs) - keptAfterExpiryMs);
        const claimed = claim.run(invitationId, claimId, claimant, nowMs, untilMs, expiresAtMs) === 1;
        const row = find.get(invitationId);
        if (row === undefined) throw new Error("an invitation vanished while it was claimed");
        if (claimed) return { state: "claimed", sinceMs: row.since_ms };
        return row.used === 1 ? { state: "used" } : { state: "busy", untilMs: row.until_ms };
      });
    },
    complete: async (invitationId, claimId) => complete.run(invitationId, claimId) === 1,
    isUsed: async (invitationId) => find.get(invitationId)?.used === 1,
    async lapse(invitationId, claimId) {
      lapse.run(invitationId, claimId);
    },
    async release(invitationId, claimId) {
      release.run(invitationId, claimId);
    },
  };
}
