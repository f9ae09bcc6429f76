import type { Server } from "node:http";
import {
  type Clock,
  defaultDeadlines,
  Engine,
  type Ids,
  type Instant,
  type Store,
  StoreRefused,
  unansweredBounds,
} from "@echoo/core";
import { type Accounts, createAccounts } from "./accounts/accounts.ts";
import { type MachineFacts, readMachine } from "./accounts/machine.ts";
import type { MadeInvitation } from "./accounts/make-invitation.ts";
import { docsRouter } from "./adapters/docs/docs-routes.ts";
import { createHttpApp } from "./adapters/http/create-http-app.ts";
import { keySetFetcher } from "./adapters/jwks/fetch-key-set.ts";
import { createTurn } from "./adapters/turn/turn-credentials.ts";
import { codeGatewayOf } from "./adapters/webhooks/otp-webhook.ts";
import { WsGateway } from "./adapters/ws/ws-gateway.ts";
import { CallLog } from "./call-log.ts";
import type { Config } from "./config/read-config.ts";
import { ConnectionsPerAddress } from "./connections-per-address.ts";
import { accountEraser } from "./erase-account.ts";
import { showFirstInvitation } from "./first-invitation.ts";
import { inviteLink } from "./invite-link.ts";
import { type Logger, logOfTransitions } from "./logging.ts";
import { HeavyReads } from "./long-work/heavy-reads.ts";
import type { Pause } from "./long-work/pause.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { type OpenData, openData } from "./open-data.ts";
import { pause, random, randomCode, randomSecret, soon, systemClock, systemIds } from "./platform.ts";
import { RecordWriter } from "./records/record-writer.ts";
import { resumeErasures } from "./records/resume-erasures.ts";
import { Retention } from "./records/retention.ts";
import { SettledNow } from "./settled-now.ts";
import { ShutdownSteps } from "./shutdown-steps.ts";
import { signalingServices } from "./signaling-services.ts";
import { CertificateKeeper } from "./tls/certificate-keeper.ts";
import { readVersion } from "./version.ts";
import { ReadingTurns } from "./web/reading-turns.ts";
import { listenOnOwnHttps, listenOnPort, type OwnHttps } from "./web-listeners.ts";

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
  /** Whether PORT speaks HTTPS. */
  readonly isSecure: boolean;
  /** In development, HTTPS besides. */
  readonly ownHttps: OwnHttps | undefined;
  /** What is open, and to whom, in words. */
  readonly access: string;
  /** Addresses of this machine from which others may use it without a token. */
  readonly openAddresses: readonly string[];
  /** Reads TLS_CERT and TLS_KEY again at once; a change is noticed without it. */
  reloadCertificate(): void;
  /** Gives out the administrator's invitation where numbers are proven so and nobody is administrator yet. */
  readonly showFirstInvitation: (show: (link: string, expiresAtMs: Instant) => void) => void;
  /** Drains, stores what waits, and closes everything. */
  close(): Promise<void>;
}

interface Parts extends OpenData {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly settled: SettledNow;
  readonly ids: Ids;
  readonly machine: MachineFacts;
  readonly metrics: Metrics;
  readonly version: string;
  readonly pause: Pause;
  readonly heavyReads: HeavyReads;
  readonly steps: ShutdownSteps;
  readonly certificate: CertificateKeeper | undefined;
}

/** Starts everything on one port. Rejects, with nothing left open or running, when a part cannot start. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { logger } = options;
  const steps = new ShutdownSteps((err, step) => logger.error({ err, step }, "a part could not be stopped"));
  try {
    const metrics = createMetrics();
    // Before anything is opened: a certificate that is of no use is the operator's to mend.
    const certificate = await openCertificate(options, metrics, steps);
    const parts = openParts(options, metrics, steps);
    await demandAdmission(parts.store);
    return await run({ ...parts, certificate });
  } catch (error) {
    await steps.run();
    throw error;
  }
}

async function openCertificate(options: StartOptions, metrics: Metrics, steps: ShutdownSteps) {
  const { config, logger, clock = systemClock } = options;
  const { tlsCert: cert, tlsKey: key } = config;
  if (cert === undefined || key === undefined) return undefined;
  const onUse = (expiresAtMs: Instant) => metrics.certificateExpires(expiresAtMs);
  const certificate = await CertificateKeeper.open({ files: { cert, key }, clock, logger, onUse });
  steps.add("certificate", () => certificate.stop());
  return certificate;
}

/** A database that is away is waited for while the server serves; one that is not for this program ends the start. */
async function demandAdmission(store: Store): Promise<void> {
  try {
    await store.ping();
  } catch (error) {
    if (error instanceof StoreRefused) throw error;
  }
}

function openParts(options: StartOptions, metrics: Metrics, steps: ShutdownSteps): Omit<Parts, "certificate"> {
  const { config, logger, clock = systemClock, ids = systemIds, machine = readMachine() } = options;
  const settled = new SettledNow(clock);
  const data = openData({ config, clock, settled, logger, metrics, steps });
  const [version, heavyReads] = [readVersion(), new HeavyReads()];
  return { ...data, config, logger, clock, settled, ids, machine, metrics, version, pause, heavyReads, steps };
}

/** Puts the parts together; each is made once, here. */
async function run(parts: Parts): Promise<RunningServer> {
  const { config, logger, clock, machine, journal, audit, damage, metrics, version, steps, certificate } = parts;
  const writer = startWriter(parts);
  startRetention(parts);
  const signaling = startSignaling(parts);
  const { accounts, engine, calls } = signaling;
  let isReady = true;
  let ownHttps: OwnHttps | undefined;
  let port = config.port;
  const http = createHttpApp({
    ...parts,
    ...signaling,
    live: engine,
    inviteLink: (token) => inviteLink(token, config, port),
    isReady: () => isReady,
    isKeepingRecords: () => journal.fault === undefined && !writer.state.degraded && audit.isWell,
    isStoreDamaged: () => damage.has("echoo.db"),
    dataProblems: () => damage.problems(),
    setAside: () => journal.pending().setAside,
    eraseUser: startErasing(parts, writer, signaling),
    submitSamples: (batch) => engine.keepSamples(batch),
    httpsPort: () => (ownHttps?.isOpen ? ownHttps.port : undefined),
    routers: [documents(config, version)],
  });
  metrics.measure(() => {
    const { records, samples, setAside } = writer.state.pending;
    return { sessions: calls.sessions, activeCalls: engine.activeCalls, storePending: records + samples, setAside };
  });
  const gateway = new WsGateway({ ...config, ...accounts, engine, clock, logger, metrics });
  const connections = ConnectionsPerAddress.of(config);
  const onServer = (server: Server) => {
    gateway.listenTo(server);
    connections?.watch(server);
  };
  const turns = new ReadingTurns(soon);
  const listening = { config, clock, steps, certificate, hostname: machine.hostname, answer: http, turns, onServer };
  port = await listenOnPort(listening);
  parts.lock.listensOn(port);
  ownHttps = await listenOnOwnHttps(listening);
  steps.add("sockets", () => {
    isReady = false;
    return drain(engine, gateway, clock);
  });
  const { openAccess } = accounts;
  const openAddresses = openAccess.openAddresses();
  const access = openAccess.describe();
  audit.started(version, access);
  return {
    port,
    version,
    isSecure: certificate !== undefined,
    ownHttps,
    access,
    openAddresses,
    showFirstInvitation: (show) => firstInvitation(parts, accounts, port, show),
    reloadCertificate: () => certificate?.reload(),
    close: () => steps.run(),
  };
}

function documents({ jwtSecret, jwksUrl }: Config, version: string) {
  return { path: "/", router: docsRouter({ version, users: (jwtSecret ?? jwksUrl) ? "host" : "phone" }) };
}

function firstInvitation(
  parts: Parts,
  { invitations }: Accounts,
  port: number,
  show: (link: string, expiresAtMs: Instant) => void,
): void {
  const { config, store, clock, logger, audit, steps } = parts;
  if (config.proof !== "invite") return;
  const make = () => invitations.make({ admin: true, first: true });
  const onFault = (err: unknown) => logger.error({ err }, "whether there is an administrator is not known");
  const onMade = ({ token, invitation }: MadeInvitation) => {
    audit.note("invitation_made", { how: "first start", note: "for an administrator" });
    show(inviteLink(token, config, port), invitation.expiresAtMs);
  };
  const stop = showFirstInvitation({ store, clock, make, show: onMade, onFault });
  steps.add("first invitation", stop);
}

function startSignaling(parts: Parts) {
  const { config, logger, clock, ids, store, journal, secret, metrics, steps, certificate } = parts;
  const keySetFrom = (url: string) => keySetFetcher(url, clock);
  const accounts = createAccounts({
    ...parts,
    randomSecret,
    randomCode,
    gateway: codeGatewayOf(parts),
    keySetFrom,
    onProven: (userId) => engine.numberProven(userId),
    onFactsChanged: (userId) => engine.factsChanged(userId),
    certifies: (name) => certificate?.current.leaf.checkHost(name) !== undefined,
  });
  const { turnUrls: urls, turnSecrets: secrets, turnTtlSec: ttlSec } = config;
  const turn = createTurn({ urls, secrets, ttlSec, userKey: secret, clock });
  const calls = new CallLog(logOfTransitions(logger), metrics, () => journal.fault === undefined);
  const engine = new Engine({
    clock,
    ids,
    people: accounts.people,
    journal,
    observer: calls,
    services: signalingServices({ accounts, turn, store, logger }),
    deadlines: deadlinesOf(config),
    pingMs: config.pingMs,
    ...(config.rateLimits ? { unanswered: unansweredBounds } : {}),
    icePolicy: config.icePolicy,
    everyoneListed: config.openAccess !== "off",
    userIdRule: accounts.userIdRule,
    soon,
  });
  steps.add("engine", () => engine.stop());
  steps.add("people", () => accounts.people.stop());
  engine.recover();
  return { accounts, turn, engine, calls };
}

/** Tells clients to come back, each at a time of its own, and lets go of them. Their calls stay in the journal. */
async function drain(engine: Engine, gateway: WsGateway, clock: Clock): Promise<void> {
  gateway.drain();
  engine.drain(() => drainMs + Math.floor(random() * reconnectSpreadMs));
  await new Promise<void>((resolve) => void clock.after(drainMs, resolve));
  gateway.closeAll(1012);
}

function startWriter({ store, journal, clock, logger, metrics, steps }: Parts): RecordWriter {
  const writer = new RecordWriter({
    store,
    outbox: journal,
    clock,
    random,
    pause,
    onScored: (mos) => metrics.callMos(mos),
    onNoSummary: (err, callId) => logger.error({ err, callId }, "a summary could not be stored; it is left out"),
    onDegraded: (err) => {
      if (err === undefined) logger.info("the database is back; what waited is being stored");
      else logger.warn({ err }, "the database is away; calls go on and records wait in the journal");
    },
  });
  steps.add("record writer", async () => {
    await writer
      .flush()
      .catch((err: unknown) => logger.warn({ err }, "records wait in the journal for the next start"));
    await writer.stop();
  });
  return writer;
}

/** What erases accounts; it goes on at once with those in which an earlier process died. */
function startErasing(
  { store, clock, logger, steps }: Parts,
  writer: RecordWriter,
  { engine, accounts }: ReturnType<typeof startSignaling>,
): ReturnType<typeof accountEraser> {
  const erase = accountEraser(engine, writer, accounts.people);
  const stop = resumeErasures({
    users: store.users,
    clock,
    erase,
    onErased: () => logger.info("an erasure that an earlier process had begun is whole now"),
    onFault: (err) => logger.warn({ err }, "an unfinished erasure could not go on; it is tried again"),
  });
  steps.add("erasures", stop);
  return erase;
}

function startRetention({ store, clock, settled, config, logger, steps }: Parts): void {
  const retention = new Retention({
    store,
    clock,
    settled,
    retainCallsDays: config.retainCallsDays,
    retainSamplesDays: config.retainSamplesDays,
    onFault: (err) => logger.warn({ err }, "old calls could not be deleted; it is tried again"),
  });
  steps.add("retention", () => retention.stop());
}

function deadlinesOf(config: Config) {
  const { ringMs, callerLostMs, connectMs, resumeMs, maxCallMs } = config;
  return { ...defaultDeadlines, ringMs, callerLostMs, connectMs, resumeMs, maxCallMs };
}
