import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Config } from "../../config/read-config.ts";
import { type CommandInput, UsageError } from "../command.ts";

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: "sqlite"; readonly file: string; readonly shown: string }
  | { readonly kind: "mongodb"; readonly uri: string; readonly database: string; readonly shown: string };

export const placeUsage =
  "sqlite:PATH (a data folder, or a file in it) or mongodb://HOST/DATABASE, mongodb+srv://HOST/DATABASE";

/** What a flag names. Without a database in the connection string ECHOO_DB is meant. */
export function readLocation(flag: string, text: string, defaultDatabase: () => string): StoreLocation {
  if (text.startsWith("sqlite:")) return sqliteLocation(text.slice("sqlite:".length), flag);
  // No @ after the hosts: it would end a password in which something is not percent-encoded.
  const parts = /^(mongodb(?:\+srv)?:\/\/)(?:[^@/?]*@)?([^/?@]+)(?:\/([^?@]*))?(?:\?[^@]*)?$/.exec(text);
  // The text may hold a password, so it is not repeated.
  if (parts === null) throw new UsageError(`${flag} must be ${placeUsage}`);
  const [, scheme = "", hosts = "", path = ""] = parts;
  const database = path === "" ? defaultDatabase() : decoded(path, flag);
  return { kind: "mongodb", uri: text, database, shown: `${scheme}${hosts}/${database}` };
}

/** What --store names, or else the settings. */
export function chosenLocation({ flags, config }: CommandInput): StoreLocation {
  const { store } = flags;
  return typeof store === "string"
    ? readLocation("--store", store, () => config().mongodbName)
    : configuredLocation(config());
}

/** Where the server keeps its store, by its settings. */
function configuredLocation(config: Pick<Config, "mongodbUri" | "mongodbName" | "dataDir">): StoreLocation {
  const { mongodbUri, mongodbName, dataDir } = config;
  if (mongodbUri === undefined) return sqliteLocation(join(dataDir, "echoo.db"), "ECHOO_DATA");
  // Whatever else the connection string says, its database is for authentication alone.
  return { kind: "mongodb", uri: mongodbUri, database: mongodbName, shown: `MongoDB, database ${mongodbName}` };
}

function decoded(path: string, flag: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UsageError(`${flag} names a database in which a % is not percent-encoded`);
  }
}

function sqliteLocation(path: string, flag: string): StoreLocation {
  if (path === "") throw new UsageError(`${flag} names no file after sqlite:`);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? !/\.[^/\\.]+$/.test(basename(path));
  const file = resolve(isFolder ? join(path, "echoo.db") : path);
  return { kind: "sqlite", file, shown: `sqlite:${file}` };
}

export function isSameLocation(a: StoreLocation, b: StoreLocation): boolean {
  if (a.kind === "sqlite" && b.kind === "sqlite") return real(a.file) === real(b.file);
  if (a.kind === "mongodb" && b.kind === "mongodb") {
    return a.database === b.database && hostsOf(a.shown).some((host) => hostsOf(b.shown).includes(host));
  }
  return false;
}

/** The file behind all links, whether it is there already or only its folder. */
function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = dirname(file);
    return folder === file ? file : join(real(folder), basename(file));
  }
}

/** With the port, in small letters; the names of this machine are one. */
function hostsOf(shown: string): readonly string[] {
  const [, scheme = "", list = ""] = /^(mongodb(?:\+srv)?):\/\/([^/]*)/.exec(shown) ?? [];
  return list.split(",").map((given) => {
    const host = given.toLowerCase().replace(/^(127\.0\.0\.1|\[::1\])(?=:|$)/, "localhost");
    return scheme === "mongodb" && !/:\d+$/.test(host) ? `${host}:27017` : host;
  });
}
