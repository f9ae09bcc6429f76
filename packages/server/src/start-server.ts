import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { type Clock, defaultDeadlines, Engine, type Ids, type Store, summarise } from "@echoo/core";
import { createAccounts } from "./accounts/accounts.ts";
import { type MachineFacts, readMachine } from "./accounts/machine.ts";
import { readServerSecret } from "./accounts/server-secret.ts";
import { docsRouter } from "./adapters/docs/docs-routes.ts";
import { createHttpApp } from "./adapters/http/create-http-app.ts";
import { type OpenJournal, openSqliteJournal } from "./adapters/journal-sqlite/open-sqlite-journal.ts";
import { openSqliteStore } from "./adapters/store-sqlite/open-sqlite-store.ts";
import { createTurn } from "./adapters/turn/turn-credentials.ts";
import { WsGateway } from "./adapters/ws/ws-gateway.ts";
import { CallLog } from "./call-log.ts";
import type { Config } from "./config/read-config.ts";
import type { Logger } from "./logging.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { random, randomCode, randomSecret, soon, systemClock, systemIds } from "./platform.ts";
import { RecordWriter } from "./records/record-writer.ts";
import { Retention } from "./records/retention.ts";
import { signalingServices } from "./signaling-services.ts";

/** How long clients get to hear `goaway` before the sockets are closed. */
const drainMs = 500;
/** Clients come back spread over this time. */
const reconnectSpreadMs = 2_000;

export interface StartOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly machine?: MachineFacts;
}

export interface RunningServer {
  readonly port: number;
  readonly version: string;
  /** What is open, and to whom, in words. */
  readonly access: string;
  /** Drains, stores what waits, and closes everything. */
  close(): Promise<void>;
}

/** Starts everything on one port. Rejects, with nothing left open, when a part cannot start. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, logger, clock = systemClock, ids = systemIds } = options;
  const store = openSqliteStore({ file: join(config.dataDir, "echoo.db") });
  const journal = openSqliteJournal({
    file: join(config.dataDir, "journal.db"),
    clock,
    onFault: (err) => logger.error({ err }, "the journal's disk fails"),
  });
  try {
    return await run({ config, logger, clock, ids, store, journal, machine: options.machine ?? readMachine() });
  } catch (error) {
    await journal.close();
    await store.close();
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: Store;
  readonly journal: OpenJournal;
  readonly machine: MachineFacts;
}

/** Puts the parts together; each is made once, here. */
async function run(parts: Parts): Promise<RunningServer> {
  const { config, logger, clock, store } = parts;
  const version = readVersion();
  const metrics = createMetrics();
  const signaling = createSignaling(parts, metrics);
  const { accounts, engine } = signaling;
  const writer = recordWriter(parts);
  const retention = new Retention({
    store,
    clock,
    retainCallsDays: config.retainCallsDays,
    retainSamplesDays: config.retainSamplesDays,
    onFault: (err) => logger.warn({ err }, "old calls could not be deleted; it is tried again"),
  });
  const gateway = new WsGateway({ ...config, ...accounts, engine, clock, logger, metrics });
  let isReady = true;
  const http = createHttpApp({
    ...parts,
    ...signaling,
    live: engine,
    metrics,
    version,
    isReady: () => isReady,
    submitSamples: (batch) => engine.keepSamples(batch),
    routers: [{ path: "/", router: docsRouter({ version }) }],
  });
  const server = createServer(http);
  gateway.listenTo(server);
  const port = await listen(server, config.port, config.host);
  const close = async () => {
    isReady = false;
    await drain(engine, gateway, clock);
    await closeServer(server);
    engine.stop();
    await retention.stop();
    await writer
      .flush()
      .catch((err: unknown) => logger.warn({ err }, "records wait in the journal for the next start"));
    await writer.stop();
    await parts.journal.close();
    await store.close();
  };
  return { port, version, access: accounts.openAccess.describe(), close };
}

function createSignaling(parts: Parts, metrics: Metrics) {
  const { config, logger, clock, ids, store, journal } = parts;
  const secret = readServerSecret(config.dataDir, config.secret, randomSecret);
  const accounts = createAccounts({ ...parts, secret, randomSecret, randomCode });
  const { turnUrls: urls, turnSecrets: secrets, turnTtlSec: ttlSec } = config;
  const turn = createTurn({ urls, secrets, ttlSec, userKey: secret, clock });
  const engine = new Engine({
    clock,
    ids,
    people: accounts.people,
    journal,
    observer: new CallLog(logger, metrics),
    services: signalingServices({ accounts, turn, store, clock, logger }),
    deadlines: deadlinesOf(config),
    pingMs: config.pingMs,
    everyoneListed: config.openAccess !== "off",
    soon,
  });
  engine.recover();
  return { accounts, turn, engine };
}

/** Tells clients to come back, each at a time of its own, and lets go of them. Their calls stay in the journal. */
async function drain(engine: Engine, gateway: WsGateway, clock: Clock): Promise<void> {
  gateway.drain();
  engine.drain(() => drainMs + Math.floor(random() * reconnectSpreadMs));
  await new Promise<void>((resolve) => void clock.after(drainMs, resolve));
  gateway.closeAll(1012);
}

function recordWriter({ store, journal, clock, logger }: Parts): RecordWriter {
  return new RecordWriter({
    store,
    outbox: journal,
    clock,
    random,
    summarise,
    onRefused: (err, what, callId) => logger.error({ err, what, callId }, "the store refused an entry; it is left out"),
    onDegraded: (err) => {
      if (err === undefined) logger.info("the database is back; what waited is being stored");
      else logger.warn({ err }, "the database is away; calls go on and records wait in the journal");
    },
  });
}

function deadlinesOf(config: Config) {
  const { ringMs, callerLostMs, connectMs, resumeMs, maxCallMs } = config;
  return { ...defaultDeadlines, ringMs, callerLostMs, connectMs, resumeMs, maxCallMs };
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
