import { type Clock, type Instant, type Pause, type Store, StoreUnavailable } from "@echoo/core";
import { logPagesMax } from "../sqlite/log-copier.ts";
import { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { StoreTables, TablesOptions } from "../tables/store-tables.ts";
import { accountTeller, type Telling } from "../webhooks/account-teller.ts";
import { eraseEvents } from "../webhooks/erase-events.ts";
import { sqliteCalls } from "./calls/sqlite-calls.ts";
import { sqliteQualityHours } from "./calls/sqlite-quality-hours.ts";
import { sqliteReports } from "./calls/sqlite-reports.ts";
import { sqliteStatistics } from "./calls/sqlite-statistics.ts";
import { initial } from "./migrations/0001-initial.ts";
import { invitations } from "./migrations/0002-invitations.ts";
import { codesByAsker } from "./migrations/0003-codes-by-asker.ts";
import { longHistories } from "./migrations/0004-long-histories.ts";
import { withdrawals } from "./migrations/0005-withdrawals.ts";
import { pushDevices } from "./migrations/0006-push-devices.ts";
import { verdicts } from "./migrations/0007-verdicts.ts";
import { administration } from "./migrations/0008-administration.ts";
import { webhooks } from "./migrations/0009-webhooks.ts";
import { requireFinished } from "./tables/copy-mark.ts";
import { sqliteTables } from "./tables/sqlite-tables.ts";
import { sqliteBlocks } from "./users/sqlite-blocks.ts";
import { sqliteCodes } from "./users/sqlite-codes.ts";
import { sqliteContacts } from "./users/sqlite-contacts.ts";
import { sqliteInvitations } from "./users/sqlite-invitations.ts";
import { sqliteKeys } from "./users/sqlite-keys.ts";
import { sqlitePushDevices } from "./users/sqlite-push-devices.ts";
import { sqliteTokens } from "./users/sqlite-tokens.ts";
import { sqliteUsers } from "./users/sqlite-users.ts";
import { sqliteWithdrawals } from "./users/sqlite-withdrawals.ts";
import { SqliteSubjects } from "./webhooks/sqlite-subjects.ts";
import { sqliteTargets, sqliteWebhooks } from "./webhooks/sqlite-webhooks.ts";

export interface SqliteStoreOptions {
  /** The database file; its folder is made if it is missing. */
  readonly file: string;
  /** For this process alone, as a command needs it: throws while a server runs. */
  readonly exclusive?: boolean;
  /** Throws unless it is there already with the newest schema. */
  readonly asItIs?: boolean;
  /** Opens it though a copy into it is unfinished. */
  readonly unfinished?: boolean;
  /** Ends a step of what touches many rows; the process's own where absent. */
  readonly pause: Pause;
  /** The clock that expired entries are deleted by; that of each caller where absent. */
  readonly settled?: { now(): Instant };
  /** The clock of a server; a command has nobody wait for it. */
  readonly quietBy?: Pick<Clock, "after" | "steady">;
  /** Where absent nothing is told of accounts and devices, as by a command. */
  readonly telling?: Telling;
  /** Told each time that a part of the file turns out to be damaged. */
  readonly onDamage?: (error: unknown) => void;
}

export interface SqliteStore extends Store {
  /** The schema that the file had before it was opened, 0 for a new one, and the one that it has now. */
  readonly schema: { readonly found: number; readonly now: number };
  /** For copying and checking. */
  tables(options: TablesOptions): StoreTables;
}

/** Every step that the schema took, in order. */
const migrations = [
  initial,
  invitations,
  codesByAsker,
  longHistories,
  withdrawals,
  pushDevices,
  verdicts,
  administration,
  webhooks,
];

/** Opens the embedded store. Throws `DataFolderError` when the folder or the file cannot be used. */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const file = new SqliteFile({
    path: options.file,
    migrations,
    checkpointPages: options.quietBy ? logPagesMax : 4096,
    quietBy: options.quietBy,
    cacheKiB: 65_536,
    busyTimeoutMs: 500,
    unavailable: (cause) => new StoreUnavailable(cause),
    exclusive: options.exclusive ?? false,
    asItIs: options.asItIs ?? false,
    onDamage: options.onDamage,
  });
  return file.opening(() => {
    if (!options.unfinished) requireFinished(file);
    return storeOn(file, options);
  });
}

function storeOn(
  file: SqliteFile,
  { pause, settled: clock, telling }: Pick<SqliteStoreOptions, "pause" | "settled" | "telling">,
): SqliteStore {
  const subjects = new SqliteSubjects(file);
  const teller = accountTeller(telling, (fact) => subjects.announceNow(fact));
  const erase = (user: string, replacement: string) =>
    eraseEvents({ subjects, targets: sqliteTargets(file), pause }, user, replacement, telling?.());
  const settled = (now: Instant) => Math.min(now, clock?.now() ?? now);
  const ask = file.prepare("SELECT id FROM users LIMIT 1");
  return {
    kind: "sqlite",
    users: sqliteUsers(file, pause, { teller, eraseEvents: erase }),
    tokens: sqliteTokens(file, settled),
    codes: sqliteCodes(file, settled),
    invitations: sqliteInvitations(file, settled),
    withdrawals: sqliteWithdrawals(file, settled),
    pushDevices: sqlitePushDevices(file, settled, teller),
    keys: sqliteKeys(file),
    contacts: sqliteContacts(file),
    blocks: sqliteBlocks(file),
    calls: sqliteCalls(file, pause),
    statistics: sqliteStatistics(file, pause),
    reports: sqliteReports(file, pause),
    qualityHours: sqliteQualityHours(file, pause),
    webhooks: sqliteWebhooks(file, subjects, pause),
    schema: { found: file.foundVersion, now: file.userVersion() },
    tables: (given) => sqliteTables(file, given),
    async ping() {
      ask.get();
    },
    async close() {
      file.close();
    },
  };
}
