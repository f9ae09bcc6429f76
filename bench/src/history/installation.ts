import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@echoo/storage";
import { openMongoStore } from "@echoo/storage/mongodb";
import { pause, realClock, type ServerProcess, spawnServer, startMongoSet } from "@echoo/testkit";
import { signIn } from "../load/sign-in.ts";
import { fillStore } from "./fill-store.ts";
import { type HistorySize, reader } from "./made-up-history.ts";

export type StoreName = "sqlite" | "mongodb";

/** A server on a store of a known size. */
export interface Installation {
  readonly server: ServerProcess;
  /** The reader's. */
  readonly token: string;
  readonly version: string;
  stop(): Promise<void>;
}

interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  stop(): Promise<void>;
}

/** Fills a new store, then starts a server on it. */
export async function startInstallation(
  name: StoreName,
  size: HistorySize,
  say: (line: string) => void,
): Promise<Installation> {
  const place = name === "sqlite" ? await fillSqlite(size, say) : await fillMongodb(size, say);
  const server = await spawnServer({ env: { ...place.env, ECHOO_RATE_LIMITS: "off", ECHOO_LOG_LEVEL: "warn" } });
  return {
    server,
    token: await signIn(server.url, reader),
    version: place.version,
    async stop() {
      await server.stop();
      await place.stop();
    },
  };
}

async function fillSqlite(size: HistorySize, say: (line: string) => void): Promise<Place> {
  const { folder, remove } = await filledFolder(size, say);
  return { env: { ECHOO_DATA: folder }, version: "as libsql bundles it", stop: async () => remove() };
}

/** A data folder with a history in it, for a server to start on. */
export async function filledFolder(size: HistorySize, say: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-bench-"));
  const store = openSqliteStore({ pause, file: join(folder, "echoo.db") });
  await fillStore(store, size, say);
  await store.close();
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function fillMongodb(size: HistorySize, say: (line: string) => void): Promise<Place> {
  const set = await startMongoSet({ nodes: 1 });
  const quiet = { onAway: () => {}, onReady: () => {} };
  const store = openMongoStore({ pause, uri: set.uri, database: "echoo", clock: realClock, ...quiet });
  await fillStore(store, size, say);
  await store.close();
  const { version } = await set.command({ buildInfo: 1 });
  return { env: { MONGODB_URI: set.uri }, version: String(version), stop: () => set.stop() };
}
