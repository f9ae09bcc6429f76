import type { Users } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { toUser, type UserRow } from "./user-row.ts";

const firstId = "";
/** Every number comes before it. */
const lastId = "\u{10ffff}";

/** Accounts by number, from one on: a page is one scan of the key, or of the index of the few that are meant. */
function userLists(file: SqliteFile): Users["list"] {
  const pageOf = (only: string) =>
    file.prepare<UserRow>(`SELECT * FROM users WHERE ${only}id > ? AND id >= ? AND id < ? ORDER BY id LIMIT ?`);
  const pages = { all: pageOf(""), admin: pageOf("admin = 1 AND "), suspended: pageOf("suspended = 1 AND ") };
  return async ({ prefix = "", only = "all" as const, after = firstId, limit }) =>
    pages[only].all(after, prefix, prefix + lastId, limit).map(toUser);
}

/** What administrators ask of accounts, and do to those of each other. */
export function administered(file: SqliteFile): Pick<Users, "hasAdmin" | "list" | "removeAdmin"> {
  const anyAdmin = file.prepare("SELECT 1 FROM users WHERE admin = 1 LIMIT 1");
  const isAdmin = file.prepare("SELECT 1 FROM users WHERE id = ? AND admin = 1");
  const remove = file.prepare(
    "UPDATE users SET admin = 0 WHERE id = ?1 AND EXISTS (SELECT 1 FROM users WHERE admin = 1 AND id <> ?1)",
  );
  return {
    hasAdmin: async () => anyAdmin.get() !== undefined,
    list: userLists(file),
    removeAdmin: async (id) =>
      file.transaction(() => {
        if (isAdmin.get(id) === undefined) return "none";
        return remove.run(id) === 1 ? "removed" : "last";
      }),
  };
}
