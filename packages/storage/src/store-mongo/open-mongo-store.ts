import type { Clock, Pause, Store } from "@echoo/core";
import type { Db } from "mongodb";
import type { StoreTables, TablesOptions } from "../tables/store-tables.ts";
import type { Telling } from "../webhooks/account-teller.ts";
import { eraseEvents } from "../webhooks/erase-events.ts";
import { mongoCalls } from "./calls/mongo-calls.ts";
import { mongoQualityHours } from "./calls/mongo-quality-hours.ts";
import { mongoReports } from "./calls/mongo-reports.ts";
import { mongoStatistics } from "./calls/mongo-statistics.ts";
import { IndexBuilder } from "./link/index-builder.ts";
import { MongoLink } from "./link/mongo-link.ts";
import { readSchemaVersion, requireKnown } from "./link/store-marks.ts";
import { missingIndexes } from "./tables/inspect-database.ts";
import { mongoTables } from "./tables/mongo-tables.ts";
import { mongoBlocks } from "./users/mongo-blocks.ts";
import { mongoCodes } from "./users/mongo-codes.ts";
import { mongoContacts } from "./users/mongo-contacts.ts";
import { mongoInvitations } from "./users/mongo-invitations.ts";
import { mongoKeys } from "./users/mongo-keys.ts";
import { mongoPushDevices } from "./users/mongo-push-devices.ts";
import { mongoTokens } from "./users/mongo-tokens.ts";
import { mongoUsers } from "./users/mongo-users.ts";
import { mongoWithdrawals } from "./users/mongo-withdrawals.ts";
import { MongoSubjects } from "./webhooks/mongo-subjects.ts";
import { mongoUntold } from "./webhooks/mongo-untold.ts";
import { mongoTargets, mongoWebhooks } from "./webhooks/mongo-webhooks.ts";

export { MongoSettingError } from "./link/mongo-link.ts";

export interface MongoStoreOptions {
  /** A connection string as the driver takes it: mongodb:// or mongodb+srv://. */
  readonly uri: string;
  readonly database: string;
  readonly clock: Clock;
  /** The database does not answer at the start; the store keeps trying. */
  readonly onAway: (error: unknown) => void;
  /** It answers, and has its indexes. */
  readonly onReady: () => void;
  /** Changes nothing by itself: makes no index, and no mark of the schema. */
  readonly asItIs?: boolean;
  /** Opens it though a copy into it is unfinished. */
  readonly unfinished?: boolean;
  /** Opens it though its schema is an older one and `asItIs` forbids to migrate it. */
  readonly outdated?: boolean;
  /** Waits longer for each request: for a command, which no client waits for. */
  readonly patient?: boolean;
  /** Where absent nothing is told of accounts and devices, as by a command. */
  readonly telling?: Telling;
  /** Ends a step of what goes through many documents; the process's own where absent. */
  readonly pause: Pause;
}

export interface MongoStore extends Store {
  /** Resolves once the indexes are there; never, if they cannot be made. Nothing has to wait for it. */
  readonly ready: Promise<void>;
  /** The schema that the database has; undefined for an empty one, or one from before there was a mark. */
  schemaVersion(): Promise<number | undefined>;
  /** As collection.name. */
  missingIndexes(): Promise<readonly string[]>;
  /** For copying and checking. */
  tables(options: TablesOptions): StoreTables;
}

/**
 * Opens a store on MongoDB: Atlas, a replica set or a single server. Returns at once, whether the database answers or
 * not. Throws `MongoSettingError` when the connection string or the name cannot be used.
 */
export function openMongoStore({ uri, database, clock, ...options }: MongoStoreOptions): MongoStore {
  const { onAway, onReady, asItIs = false, unfinished = false, outdated = false, patient = false } = options;
  const { pause, telling } = options;
  const admit = (db: Db) => requireKnown(db, { asItIs, outdated, unfinished });
  const link = new MongoLink({ uri, database, clock, admit, patient });
  const indexes = new IndexBuilder({ link, clock, onFault: onAway, onDone: onReady });
  if (!asItIs) indexes.start();
  const [subjects, targets] = [new MongoSubjects(link), mongoTargets(link)];
  const untold = mongoUntold(link, subjects, targets, telling);
  const erase = (user: string, replacement: string) =>
    eraseEvents({ subjects, targets, pause }, user, replacement, telling?.());
  return {
    kind: "mongodb",
    ready: indexes.done,
    users: mongoUsers(link, pause, { untold, eraseEvents: erase }),
    tokens: mongoTokens(link),
    codes: mongoCodes(link),
    invitations: mongoInvitations(link),
    withdrawals: mongoWithdrawals(link),
    pushDevices: mongoPushDevices(link, untold),
    keys: mongoKeys(link),
    contacts: mongoContacts(link),
    blocks: mongoBlocks(link),
    calls: mongoCalls(link, indexes, pause),
    statistics: mongoStatistics(link, pause),
    reports: mongoReports(link, pause),
    qualityHours: mongoQualityHours(link, pause),
    webhooks: mongoWebhooks(link, subjects, untold.finish, pause),
    schemaVersion: () => readSchemaVersion(link),
    missingIndexes: () => missingIndexes(link),
    tables: (given) => mongoTables(link, given),
    ping: () => link.ping(),
    async close() {
      indexes.stop();
      await link.close();
    },
  };
}
