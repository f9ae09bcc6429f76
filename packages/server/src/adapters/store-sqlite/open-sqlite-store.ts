import { type Store, StoreUnavailable } from "@echoo/core";
import { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { initial } from "./migrations/0001-initial.ts";
import { sqliteBlocks } from "./sqlite-blocks.ts";
import { sqliteCalls } from "./sqlite-calls.ts";
import { sqliteCodes } from "./sqlite-codes.ts";
import { sqliteContacts } from "./sqlite-contacts.ts";
import { sqliteStatistics } from "./sqlite-statistics.ts";
import { sqliteTokens } from "./sqlite-tokens.ts";
import { sqliteUsers } from "./sqlite-users.ts";

export interface SqliteStoreOptions {
  /** The database file; its folder is made if it is missing. */
  readonly file: string;
}

/** Every step that the schema took, in order. */
const migrations = [initial];

/** Opens the embedded store. Throws `DataFolderError` when the folder or the file cannot be used. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const file = new SqliteFile({
    path: options.file,
    migrations,
    checkpointPages: 4096,
    cacheKiB: 65_536,
    busyTimeoutMs: 500,
    unavailable: (cause) => new StoreUnavailable(cause),
  });
  const ask = file.prepare("SELECT id FROM users LIMIT 1");
  return {
    kind: "sqlite",
    users: sqliteUsers(file),
    tokens: sqliteTokens(file),
    codes: sqliteCodes(file),
    contacts: sqliteContacts(file),
    blocks: sqliteBlocks(file),
    calls: sqliteCalls(file),
    statistics: sqliteStatistics(file),
    async ping() {
      ask.get();
    },
    async close() {
      file.close();
    },
  };
}
