import { type DbOptions, type MongoClientOptions, ReadConcern } from "mongodb";

/** The longest that one request to the database may take before it counts as away. */
export const operationMs = 4_000;

/** The same for a command: no client waits for its single steps, and it should outlast a busy hour of the database. */
export const patientOperationMs = 60_000;

/** What an operator may set otherwise in the connection string. */
const defaults = {
  appName: "echoo",
  /** No server that can take the request. */
  serverSelectionTimeoutMS: 2_000,
  /** A connection that does not come about, or a heartbeat that is not answered. */
  connectTimeoutMS: 2_000,
  /** A connection that is silent for so long is closed: after the request was given up, not before. */
  socketTimeoutMS: 5_000,
  /** All connections are in use. */
  waitQueueTimeoutMS: 2_000,
  heartbeatFrequencyMS: 5_000,
  maxPoolSize: 20,
  minPoolSize: 1,
  retryWrites: true,
  retryReads: true,
} as const satisfies MongoClientOptions;

/** What the port's promises rest on, whatever the connection string says: options of the database come before it. */
export function databaseOptions(limitMs: number): DbOptions {
  return {
    // `journal` matters where there is no replica set: a majority of one answers before its journal is on the disk.
    writeConcern: { w: "majority", journal: true, wtimeoutMS: limitMs - 500 },
    readConcern: new ReadConcern("majority"),
    readPreference: "primary",
    // An absent value must never become a condition that everything meets.
    ignoreUndefined: false,
  };
}

/** The driver's options, but for those that the connection string sets by itself. */
export function clientOptions(uri: string, limitMs: number): MongoClientOptions {
  const given = new URLSearchParams(uri.split("?", 2)[1] ?? "");
  const names = new Set([...given.keys()].map((name) => name.toLowerCase()));
  const unset = Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(unset), ...(limitMs > operationMs ? { socketTimeoutMS: limitMs + 1_000 } : {}) };
}
