import type { RequestListener, Server } from "node:http";
import { type Accounts, isOperatorPass, type MachineFacts, type MadeInvitation } from "@echoo/accounts";
import { ClusterClock, type ClusterNode } from "@echoo/cluster";
import { type Clock, type Engine, type Ids, type Instant, SettledNow, type Store, StoreRefused } from "@echoo/core";
import type { RecordWriter, WaitingRecordsSweep } from "@echoo/storage";
import type { Config } from "../config/read-config.ts";
import { inviteLink } from "../console/invite-link.ts";
import { publicAddress } from "../console/public-address.ts";
import { docsRouter } from "../docs/docs-routes.ts";
import { auditReaderOf } from "../http/admin/service-routes.ts";
import { settingsInForce } from "../http/admin/settings-in-force.ts";
import { createHttpApp } from "../http/create-http-app.ts";
import { HeavyReads } from "../http/replies/heavy-reads.ts";
import { usualRates } from "../http/requests/request-limits.ts";
import { builtDashboardDir } from "../http/routes/dashboard-page.ts";
import { builtPhoneDir } from "../http/routes/phone-page.ts";
import type { ClusterGauges } from "../observability/cluster-metrics.ts";
import type { Logger } from "../observability/logging.ts";
import { createMetrics, type GaugeValues, type Metrics } from "../observability/metrics.ts";
import { CertificateReloader } from "../tls/certificate-reloader.ts";
import { ConnectionsPerAddress } from "../web/connections-per-address.ts";
import { RequestPacing } from "../web/request-pacing.ts";
import { listenOnOwnHttps, listenOnPort, type OwnHttps } from "../web/web-listeners.ts";
import { type RunningWebhooks, startWebhooks } from "../webhooks/start-webhooks.ts";
import { createGateway } from "../ws/create-gateway.ts";
import type { WsGateway } from "../ws/ws-gateway.ts";
import { startErasing } from "./erase-account.ts";
import { showFirstInvitation } from "./first-invitation.ts";
import { type OpenData, openData } from "./open-data.ts";
import { defer, pause, random, randomSecret } from "./platform.ts";
import { ShutdownSteps } from "./shutdown-steps.ts";
import { redisPlaceOf } from "./start-cluster.ts";
import { startRecordKeeping, startRecordSweep } from "./start-record-keeping.ts";
import { type Signaling, startSignaling } from "./start-signaling.ts";
import { readVersion } from "./version.ts";

/** How long clients get to hear `goaway` before the sockets are closed. */
const drainMs = 500;
/** Clients come back spread over this time. */
const reconnectSpreadMs = 2_000;

export interface StartOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly machine: MachineFacts;
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
  /** Gives out the administrator's invitation where numbers are proven so and there is no administrator yet. */
  readonly showFirstInvitation: (show: (link: string, expiresAtMs: Instant) => void) => void;
  /** Drains, stores what waits, and closes everything. */
  close(): Promise<void>;
}

interface OwnOptions extends StartOptions {
  /** Where there are other nodes: the clock that they share, which all parts go by. */
  readonly clusterClock: ClusterClock | undefined;
}

interface Parts extends OwnOptions {
  readonly settled: SettledNow;
  readonly metrics: Metrics;
  readonly version: string;
  readonly steps: ShutdownSteps;
  readonly certificate: CertificateReloader | undefined;
  readonly data: OpenData;
}

/** Starts everything on one port. Rejects, with nothing left open or running, when a part cannot start. */
export async function startServer(given: StartOptions): Promise<RunningServer> {
  const { logger } = given;
  const clusterClock = redisPlaceOf(given.config) === undefined ? undefined : new ClusterClock(given.clock);
  const options = { ...given, clock: clusterClock ?? given.clock, clusterClock };
  const steps = new ShutdownSteps((err, step) => logger.error({ err, step }, "a part could not be stopped"));
  try {
    const metrics = createMetrics();
    // Before anything is opened: a certificate that is of no use is the operator's to mend.
    const certificate = await openCertificate(options, metrics, steps);
    const parts = await openParts(options, metrics, steps, certificate);
    await requireAdmission(parts.data.store);
    return await run(parts);
  } catch (error) {
    await steps.run();
    throw error;
  }
}

async function openCertificate(options: StartOptions, metrics: Metrics, steps: ShutdownSteps) {
  const { config, logger, clock } = options;
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

async function openParts(
  options: OwnOptions,
  metrics: Metrics,
  steps: ShutdownSteps,
  certificate: CertificateReloader | undefined,
): Promise<Parts> {
  const { config, logger, clock, clusterClock, ids, machine } = options;
  const settled = new SettledNow(clock);
  const data = await openData({ config, clock, ids, settled, logger, metrics, steps });
  const version = readVersion();
  return { config, logger, clock, clusterClock, settled, ids, machine, metrics, version, steps, certificate, data };
}

/** Puts the parts together; each is made once, here. */
async function run(parts: Parts): Promise<RunningServer> {
  const { config, logger, clock, settled, ids, machine, metrics, version, steps, certificate, data } = parts;
  const webhooks = startWebhooks({
    ...{ config, store: data.store, clock, ids, logger, metrics, random, randomSecret, steps },
  });
  const { teller } = webhooks;
  let signaling: Signaling | undefined;
  const onStored = (callIds: readonly string[]) => signaling?.cluster?.recordsStored(callIds);
  const writer = startRecordKeeping({ config, data, clock, settled, logger, metrics, teller, steps, onStored });
  const { clusterClock } = parts;
  signaling = await startSignaling({
    ...{ config, logger, clock, clusterClock, ids, machine, metrics, data, certificate, teller, steps },
  });
  const { accounts, engine, cluster } = signaling;
  const sweep = cluster && startRecordSweep({ data, clock, logger, teller, steps }, cluster.scripts);
  const state: ServerState = { isReady: true, port: config.port, ownHttps: undefined };
  const answer = createHttp(parts, { signaling, writer, sweep, webhooks }, state);
  const gateway = createGateway({ config, accounts, engine, clock, logger, metrics, defer });
  const connections = ConnectionsPerAddress.of(config);
  const onServer = (server: Server) => {
    gateway.listenTo(server);
    connections?.watch(server);
  };
  const turns = new RequestPacing(defer);
  const listening = { config, clock, steps, certificate, hostname: machine.hostname, answer, turns, onServer };
  const port = await listenOnPort(listening);
  state.port = port;
  state.ownHttps = await listenOnOwnHttps(listening);
  const address = publicAddress(config, state);
  data.lock.listensOn(port, address);
  steps.add("sockets", () => {
    state.isReady = false;
    return drain(engine, gateway, { clock, logger, handOverMs: cluster === undefined ? 0 : config.drainMs });
  });
  const { openAccess } = accounts;
  const openAddresses = openAccess.openAddresses();
  const access = openAccess.describe();
  data.audit.started(version, access);
  return {
    port,
    version,
    isSecure: certificate !== undefined,
    ownHttps: state.ownHttps,
    access,
    openAddresses,
    showFirstInvitation: (show) => firstInvitation(parts, accounts, address, show),
    reloadCertificate: () => certificate?.reload(),
    close: () => steps.run(),
  };
}

/** What runs before the server listens. */
interface Started {
  readonly signaling: Signaling;
  readonly writer: RecordWriter;
  readonly sweep: WaitingRecordsSweep | undefined;
  readonly webhooks: RunningWebhooks;
}

/** What shows only once the server listens, or drains. */
interface ServerState {
  isReady: boolean;
  port: number;
  ownHttps: OwnHttps | undefined;
}

function createHttp(
  parts: Parts,
  { signaling, writer, sweep, webhooks }: Started,
  state: Readonly<ServerState>,
): RequestListener {
  const { config, logger, clock, ids, metrics, version, steps } = parts;
  const { accounts, turn, engine, recent, push } = signaling;
  const { store, journal, audit, damage } = parts.data;
  const { userFacts } = accounts;
  return createHttpApp({
    config,
    store,
    accounts,
    live: engine,
    turn,
    push: push.kinds,
    tickets: push.tickets,
    clock,
    ids,
    logger,
    audit,
    metrics,
    administration: {
      recent,
      auditReader: auditReaderOf(config.dataDir, parts.data.secret),
      isAuditWell: () => audit.isWell,
      node: parts.machine.hostname,
      settingsInForce: () => settingsInForce(config),
      webhooks: webhooks.administration,
    },
    isPass: (text) => isOperatorPass(parts.data.secret, text, clock),
    gauges: () => gaugesOf({ signaling, writer, webhooks }),
    clusterState: () => signaling.cluster?.state,
    version,
    isReady: () => state.isReady,
    isKeepingRecords: () => journal.fault === undefined && !writer.state.degraded && audit.isWell,
    isStoreDamaged: () => damage.has("echoo.db"),
    dataProblems: () => damage.problems(),
    setAside: () => journal.pending().setAside,
    httpsPort: () => (state.ownHttps?.isOpen ? state.ownHttps.port : undefined),
    inviteLink: (token) => inviteLink(publicAddress(config, state), token),
    eraseUser: startErasing({
      store,
      clock,
      logger,
      steps,
      live: engine,
      writer,
      sweep,
      userFacts,
      teller: webhooks.teller,
    }),
    routers: [documents(config, version)],
    pause,
    heavyReads: new HeavyReads(),
    requestRates: usualRates,
    phoneDir: builtPhoneDir,
    dashboardDir: builtDashboardDir,
  });
}

/** What is the case right now, for the metrics. */
function gaugesOf({ signaling, writer, webhooks }: Pick<Started, "signaling" | "writer" | "webhooks">): GaugeValues {
  const { records, samples, setAside } = writer.state.pending;
  const { sessions } = signaling.calls;
  const { activeCalls } = signaling.engine;
  const cluster = signaling.cluster && { cluster: clusterGauges(signaling.cluster, signaling.engine) };
  const { counts } = webhooks.sender;
  return { sessions, activeCalls, storePending: records + samples, setAside, webhooks: counts, ...cluster };
}

function clusterGauges({ state }: ClusterNode, { cluster }: Engine): ClusterGauges {
  const { redis, nodes, waitingRecords } = state;
  const backlog = cluster?.backlog ?? { inputs: 0, batches: 0 };
  return { state: redis, nodes, waitingRecords, inputsPending: backlog.inputs, batchesPending: backlog.batches };
}

function documents({ jwtSecret, jwksUrl }: Pick<Config, "jwtSecret" | "jwksUrl">, version: string) {
  return { path: "/", router: docsRouter({ version, users: (jwtSecret ?? jwksUrl) ? "host" : "phone" }) };
}

function firstInvitation(
  parts: Pick<Parts, "config" | "clock" | "logger" | "steps" | "data">,
  { invitations }: Accounts,
  address: string,
  show: (link: string, expiresAtMs: Instant) => void,
): void {
  const { config, clock, logger, steps } = parts;
  const { store, audit } = parts.data;
  if (config.proof !== "invite") return;
  const make = () => invitations.make({ admin: true, first: true });
  const onFault = (err: unknown) => logger.error({ err }, "whether there is an administrator is not known");
  const onMade = ({ token, invitation }: MadeInvitation) => {
    audit.note("invitation_made", { how: "first start", note: "for an administrator" });
    show(inviteLink(address, token), invitation.expiresAtMs);
  };
  const stop = showFirstInvitation({ store, clock, make, show: onMade, onFault });
  steps.add("first invitation", stop);
}

/**
 * Gives calls to other nodes, where there are any; then tells clients to come back, each at a time of its own, and lets go
 * of them. What calls are still here stay in the journal.
 */
async function drain(
  engine: Engine,
  gateway: WsGateway,
  { clock, logger, handOverMs }: { readonly clock: Clock; readonly logger: Logger; readonly handOverMs: number },
): Promise<void> {
  gateway.drain();
  if (handOverMs > 0) {
    const handed = (await engine.cluster?.handOver(Math.max(0, handOverMs - drainMs))) ?? 0;
    if (handed > 0) logger.info({ handed }, "other servers have taken over calls");
  }
  engine.drain(() => drainMs + Math.floor(random() * reconnectSpreadMs));
  await new Promise<void>((resolve) => void clock.after(drainMs, resolve));
  gateway.closeAll(1012);
}
