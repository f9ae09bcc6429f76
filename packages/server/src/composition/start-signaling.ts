import {
  type Accounts,
  type AccountsSettings,
  createAccounts,
  keySetFetcher,
  type MachineFacts,
} from "@echoo/accounts";
import { type ClusterClock, type ClusterNode, RemoteSharedMemory } from "@echoo/cluster";
import { type Clock, defaultDeadlines, Engine, type Ids, unansweredBounds } from "@echoo/core";
import { codeGatewayOf } from "../code-gateway/otp-webhook.ts";
import type { Config } from "../config/read-config.ts";
import { CallLog } from "../observability/call-log.ts";
import { type Logger, logOfTransitions } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import { Observers } from "../observability/observers.ts";
import { RecentCalls } from "../observability/recent-calls.ts";
import type { CertificateReloader } from "../tls/certificate-reloader.ts";
import { createTurn, type Turn } from "../turn/turn-credentials.ts";
import type { CallTeller } from "../webhooks/call-teller.ts";
import type { OpenData } from "./open-data.ts";
import { defer, pause, randomCode, randomSecret } from "./platform.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";
import { signalingServices } from "./signaling-services.ts";
import { redisPlaceOf, startCluster } from "./start-cluster.ts";
import { type Push, startPush } from "./start-push.ts";

type EngineSettings = Pick<
  Config,
  | "callerLostMs"
  | "connectMs"
  | "icePolicy"
  | "maxCallMs"
  | "openAccess"
  | "pingMs"
  | "rateLimits"
  | "resumeMs"
  | "ringMs"
>;
type TurnSettings = Pick<Config, "turnUrls" | "turnSecrets" | "turnTtlSec">;
type CodeSettings = Pick<Config, "proof" | "otpWebhookUrl" | "otpWebhookSecret">;

type PushSettings = Parameters<typeof startPush>[0]["config"];

type ClusterSettings = Parameters<typeof startCluster>[0]["config"];

interface SignalingDeps {
  readonly config: AccountsSettings & EngineSettings & TurnSettings & CodeSettings & PushSettings & ClusterSettings;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly clusterClock: ClusterClock | undefined;
  readonly ids: Ids;
  readonly machine: MachineFacts;
  readonly metrics: Metrics;
  readonly data: Pick<OpenData, "store" | "journal" | "secret" | "audit">;
  readonly certificate: CertificateReloader | undefined;
  readonly teller: Pick<CallTeller, "callChanged">;
  readonly steps: ShutdownSteps;
}

export interface Signaling {
  readonly accounts: Accounts;
  readonly turn: Turn;
  readonly engine: Engine;
  readonly calls: CallLog;
  readonly recent: RecentCalls;
  readonly push: Push;
  /** Absent on a single node. */
  readonly cluster: ClusterNode | undefined;
}

/** Who may speak as whom, and the engine that they speak to; calls of an earlier process go on. */
export async function startSignaling(deps: SignalingDeps): Promise<Signaling> {
  const { config, logger, clock, clusterClock, ids, machine, metrics, steps, certificate, teller } = deps;
  const { store, journal, secret, audit } = deps.data;
  const place = redisPlaceOf(config);
  const shared = place && new RemoteSharedMemory({ place, clock });
  if (shared) steps.add("what all servers remember", () => shared.stop());
  const accounts = createAccounts({
    config,
    shared,
    store,
    clock,
    ids,
    secret,
    randomSecret,
    randomCode,
    gateway: codeGatewayOf({ config, clock, ids }),
    logger,
    audit,
    machine,
    pause,
    keySetFrom: (url) => keySetFetcher(url, clock),
    onProven: (userId) => engine.numberProven(userId),
    onFactsChanged: (userId) => engine.factsChanged(userId),
    certifies: (name) => certificate?.current.leaf.checkHost(name) !== undefined,
  });
  steps.add("accounts", () => accounts.stop());
  const { turnUrls: urls, turnSecrets: secrets, turnTtlSec: ttlSec } = config;
  const turn = createTurn({ urls, secrets, ttlSec, userKey: secret, clock });
  const recent = new RecentCalls(clock);
  const isJournalWell = () => journal.fault === undefined;
  const calls = new CallLog({ logger: logOfTransitions(logger), metrics, recent, isJournalWell });
  const push = startPush({ config, store, clock, logger, metrics, secret, userFacts: accounts.userFacts, steps });
  const { userIdRule } = accounts;
  const { hostname } = machine;
  const cluster = await startCluster({
    ...{ config, secret, userIdRule, clock, clusterClock, hostname, logger, metrics, steps },
  });
  const engine = new Engine({
    clock,
    ids,
    userFacts: accounts.userFacts,
    journal,
    observer: new Observers(calls, [teller]),
    push: push.service,
    services: signalingServices({ accounts, turn, store, logger }),
    deadlines: deadlinesOf(config),
    pingMs: config.pingMs,
    unanswered: config.rateLimits ? unansweredBounds : undefined,
    icePolicy: config.icePolicy,
    everyoneListed: config.openAccess !== "off",
    userIdRule,
    ...(cluster === undefined ? {} : { cluster }),
    defer,
  });
  steps.add("engine", () => engine.stop());
  steps.add("people", () => accounts.userFacts.stop());
  engine.recover();
  return { accounts, turn, engine, calls, recent, push, cluster };
}

function deadlinesOf(config: EngineSettings) {
  const { ringMs, callerLostMs, connectMs, resumeMs, maxCallMs } = config;
  return { ...defaultDeadlines, ringMs, callerLostMs, connectMs, resumeMs, maxCallMs };
}
