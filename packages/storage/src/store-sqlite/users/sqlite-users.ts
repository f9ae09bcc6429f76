import { type Pause, StoreUnavailable, type User, type UserChanges, type Users } from "@echoo/core";
import type { SqlValue } from "../../sqlite/query.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { AccountTeller } from "../../webhooks/account-teller.ts";
import { KeyedQuery } from "../keyed-query.ts";
import { flag, orNull } from "../row-values.ts";
import { administered } from "./administered.ts";
import { type EraseEvents, eraseUser } from "./erase-user.ts";
import { Erasures } from "./erasures.ts";
import { toUser, type UserRow } from "./user-row.ts";

const insertSql = `INSERT INTO users (id, display_name, presence, do_not_disturb, proof, admin, created_at_ms, last_seen_at_ms, suspended)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;

function newAccount(id: string, initial: UserChanges, nowMs: number): SqlValue[] {
  const { displayName, presence = "everyone", doNotDisturb = false, proof } = initial;
  const { admin = false, lastSeenAtMs, suspended = false } = initial;
  const account = [orNull(displayName), presence, flag(doNotDisturb), orNull(proof), flag(admin)];
  return [id, ...account, nowMs, orNull(lastSeenAtMs), flag(suspended)];
}

interface UserEvents {
  readonly teller: AccountTeller;
  readonly eraseEvents: EraseEvents;
}

export function sqliteUsers(file: SqliteFile, pause: Pause, { teller, eraseEvents }: UserEvents): Users {
  const erasures = new Erasures(file);
  const select = file.prepare<UserRow>("SELECT * FROM users WHERE id = ?");
  const many = new KeyedQuery<UserRow>(file, pause, (marks) => `SELECT * FROM users WHERE id IN (${marks})`);
  const insert = file.prepare(insertSql);
  // No change takes a value away, so an absent one can be told by NULL.
  const change = file.prepare(
    `UPDATE users SET display_name = coalesce(?, display_name), presence = coalesce(?, presence),
       do_not_disturb = coalesce(?, do_not_disturb), proof = coalesce(?, proof), admin = coalesce(?, admin),
       last_seen_at_ms = coalesce(?, last_seen_at_ms), suspended = coalesce(?, suspended)
     WHERE id = ?`,
  );
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
        const inserted = insert.run(...newAccount(id, initial, nowMs));
        const { proof } = initial;
        if (inserted === 1) teller.userCreated({ id, createdAtMs: nowMs, ...(proof ? { proof } : {}) });
        return inserted;
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
        changes.suspended === undefined ? null : flag(changes.suspended),
        id,
      );
      return find(id);
    },
    ...administered(file),
    erase: eraseUser(file, erasures, pause, eraseEvents),
    isErasing: async (id) => erasures.has(id),
    unfinishedErasures: async (limit) => erasures.list(limit),
  };
}
