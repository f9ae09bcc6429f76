import type { PresenceChoice, Proof, User } from "@echoo/core";
import { present } from "../row-values.ts";

export interface UserRow {
  readonly id: string;
  readonly display_name: string | null;
  readonly presence: PresenceChoice;
  readonly do_not_disturb: number;
  readonly proof: Proof | null;
  readonly admin: number;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number | null;
  readonly suspended: number;
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    presence: row.presence,
    doNotDisturb: row.do_not_disturb === 1,
    admin: row.admin === 1,
    createdAtMs: row.created_at_ms,
    ...present("displayName", row.display_name),
    ...present("proof", row.proof),
    ...present("lastSeenAtMs", row.last_seen_at_ms),
    ...(row.suspended === 1 ? { suspended: true as const } : {}),
  };
}
