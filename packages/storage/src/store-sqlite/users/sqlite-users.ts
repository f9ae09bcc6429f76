import {
  type Pause,
  type PresenceChoice,
  type Proof,
  StoreUnavailable,
  type User,
  type UserChanges,
  type Users,
} from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { KeyedQuery } from "../keyed-query.ts";
import { flag, orNull, present } from "../row-values.ts";
import { eraseUser } from "./erase-user.ts";
import { Erasures } from "./erasures.ts";

export interface UserRow {
  readonly id: string;
  readonly display_name: string | null;
  readonly presence: PresenceChoice;
  readonly do_not_disturb: number;
  readonly proof: Proof | null;
  readonly admin: number;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number | null;
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
  };
}

const insertSql = `INSERT INTO users (id, display_name, presence, do_not_disturb, proof, admin, created_at_ms, last_seen_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;

export function sqliteUsers(file: SqliteFile, pause: Pause): Users {
  const erasures = new Erasures(file);
  const select = file.prepare<UserRow>("SELECT * FROM users WHERE id = ?");
  const many = new KeyedQuery<UserRow>(file, pause, (marks) => `SELECT * FROM users WHERE id IN (${marks})`);
  const insert = file.prepare(insertSql);
  // No change takes a value away, so an absent one can be told by NULL.
  const change = file.prepare(
    `UPDATE users SET display_name = coalesce(?, display_name), presence = coalesce(?, presence),
       do_not_disturb = coalesce(?, do_not_disturb), proof = coalesce(?, proof), admin = coalesce(?, admin),
       last_seen_at_ms = coalesce(?, last_seen_at_ms)
     WHERE id = ?`,
  );
  const anyAdmin = file.prepare("SELECT 1 FROM users WHERE admin = 1 LIMIT 1");
  const find = (id: string): User | undefined => {
    const row = select.get(id);
    return row && toUser(row);
  };

  return {
    find: async (id) => find(id),
    async findMany(ids) {
      return (await many.all(ids)).map(toUser);
    },
    async ensure(id, initial, nowMs) {
      const created = file.transaction(() => {
        if (erasures.has(id)) throw new StoreUnavailable(new Error("the account is being erased"));
        const {
          displayName,
          presence = "everyone",
          doNotDisturb = false,
          proof,
          admin = false,
          lastSeenAtMs,
        } = initial;
        const account = [orNull(displayName), presence, flag(doNotDisturb), orNull(proof), flag(admin)];
        return insert.run(id, ...account, nowMs, orNull(lastSeenAtMs));
      });
      const user = find(id);
      if (user === undefined) throw new Error("a user vanished while it was created");
      return { user, created: created === 1 };
    },
    async update(id, changes: UserChanges) {
      change.run(
        orNull(changes.displayName),
        orNull(changes.presence),
        changes.doNotDisturb === undefined ? null : flag(changes.doNotDisturb),
        orNull(changes.proof),
        changes.admin === undefined ? null : flag(changes.admin),
        orNull(changes.lastSeenAtMs),
        id,
      );
      return find(id);
    },
    hasAdmin: async () => anyAdmin.get() !== undefined,
    erase: eraseUser(file, erasures, pause),
    isErasing: async (id) => erasures.has(id),
    unfinishedErasures: async (limit) => erasures.list(limit),
  };
}
