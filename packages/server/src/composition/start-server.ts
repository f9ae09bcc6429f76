import type { Server } from "node:http";
import {
  type Accounts,
  createAccounts,
  keySetFetcher,
  type MachineFacts,
  type MadeInvitation,
  readMachine,
} from "@echoo/accounts";
import {
  type Clock,
  defaultDeadlines,
  Engine,
  type Ids,
  type Instant,
  type Pause,
  SettledNow,
  type Store,
  StoreRefused,
  unansweredBounds,
} from "@echoo/core";
import { RecordWriter, Retention, resumeErasures } from "@echoo/storage";
import { codeGatewayOf } from "../code-gateway/otp-webhook.ts";
import type { Config } from "../config/read-config.ts";
import { inviteLink } from "../console/invite-link.ts";
import { docsRouter } from "../docs/docs-routes.ts";
import { createHttpApp } from "../http/create-http-app.ts";
import { HeavyReads } from "../http/replies/heavy-reads.ts";
import { CallLog } from "../observability/call-log.ts";
import { type Logger, logOfTransitions } from "../observability/logging.ts";
import { createMetrics, type Metrics } from "../observability/metrics.ts";
import { CertificateReloader } from "../tls/certificate-reloader.ts";
import { createTurn } from "../turn/turn-credentials.ts";
import { ConnectionsPerAddress } from "../web/connections-per-address.ts";
import { RequestPacing } from "../web/request-pacing.ts";
import { listenOnOwnHttps, listenOnPort, type OwnHttps } from "../web/web-listeners.ts";
import { WsGateway } from "../ws/ws-gateway.ts";
import { accountEraser } from "./erase-account.ts";
import { showFirstInvitation } from "./first-invitation.ts";
import { type OpenData, openData } from "./open-data.ts";
import { defer, pause, random, randomCode, randomSecret, systemClock, systemIds } from "./platform.ts";
import { ShutdownSteps } from "./shutdown-steps.ts";
import { signalingServices } from "./signaling-services.ts";
import { readVersion } from "./version.ts";

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
  readonly certificate: CertificateReloader | undefined;
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
    await requireAdmission(parts.store);
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
  const certificate = await CertificateReloader.open({ files: { cert, key }, clock, logger, onUse });
  steps.add("certificate", () => certificate.stop());
  return certificate;
}

/** A database that is away is waited for while the server serves; one that is not for this program ends the start. */
async function requireAdmission(store: Store): Promise<void> {
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
  const turns = new RequestPacing(defer);
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
    userFacts: accounts.userFacts,
    journal,
    observer: calls,
    services: signalingServices({ accounts, turn, store, logger }),
    deadlines: deadlinesOf(config),
    pingMs: config.pingMs,
    ...(config.rateLimits ? { unanswered: unansweredBounds } : {}),
    icePolicy: config.icePolicy,
    everyoneListed: config.openAccess !== "off",
    userIdRule: accounts.userIdRule,
    defer,
  });
  steps.add("engine", () => engine.stop());
  steps.add("people", () => accounts.userFacts.stop());
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
  const erase = accountEraser(engine, writer, accounts.userFacts);
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
