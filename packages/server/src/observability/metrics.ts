import type { Instant } from "@echoo/core";
import type { EndReason, VerdictCode } from "@echoo/protocol";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type ClusterGauges, type ClusterMetrics, createClusterMetrics } from "./cluster-metrics.ts";
import { messageCounts } from "./message-counts.ts";
import { webhookMetrics } from "./webhook-metrics.ts";

/** What the rest of the server counts. No label ever holds a number, a call id or an address. */
export interface Metrics {
  /** `answered` tells failed attempts from calls that people had. */
  callEnded(reason: EndReason, answered: boolean): void;
  /** From the offer to the moment when media flowed. */
  callSetUp(seconds: number): void;
  callMos(mos: number): void;
  /** What became of a call, once for each. */
  callJudged(code: VerdictCode): void;
  /** `type` must be one of the protocol's, or "unknown". */
  message(direction: "in" | "out", type: string): void;
  socketClosed(code: number | "cut"): void;
  refused(where: "http" | "ws", code: string): void;
  /** A push, or an attempt that is made again, by what came of it. */
  pushed(push: { readonly kind: "ring" | "stop"; readonly outcome: string }): void;
  /** An event that was posted to a webhook, or will not be, by what came of it. */
  webhookPosted(outcome: "delivered" | "failed" | "parked" | "dropped", count: number): void;
  /** Damage was met in this file of the data folder. */
  damageMet(file: string): void;
  /** The TLS certificate in use ends then. There is no such metric where there is no certificate. */
  certificateExpires(atMs: Instant): void;
  /** `route` is the contract's path, never the address that was asked for. */
  httpRequest(method: string, route: string, status: number, seconds: number): void;
  /** What a server among several counts; made where there are several. */
  forCluster(): ClusterMetrics;
  readonly contentType: string;
  /** In Prometheus' text format: what was counted, and what is the case now. */
  render(gauges: GaugeValues): Promise<string>;
}

/** What is the case right now. */
export interface GaugeValues {
  readonly sessions: number;
  readonly activeCalls: number;
  /** Records and samples that wait for the store. */
  readonly storePending: number;
  /** Entries of the journal that wait for people to look at them. */
  readonly setAside: number;
  /** Events that are to be posted; known where they are posted from. */
  readonly webhooks: { readonly waiting: number; readonly parked: number };
  /** Absent on a single server. */
  readonly cluster?: ClusterGauges;
}

const setUpBuckets = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 90];
const mosBuckets = [1.5, 2, 2.5, 3.1, 3.5, 3.8, 4, 4.2, 4.4];
const httpBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 1, 5];

/** Metrics in a registry of their own: two servers in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "echoo_" });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram<L>({ name, help, buckets, labelNames, registers });

  const calls = counter("echoo_calls_total", "Ended calls by end reason", "reason", "answered");
  const verdicts = counter("echoo_calls_verdict_total", "Ended calls by their verdict, 60 s after the end", "code");
  const messages = messageCounts(registers);
  const closes = counter("echoo_socket_closes_total", "Sockets closed by the server, by close code", "code");
  const refusals = counter("echoo_refusals_total", "Expected refusals by error code", "where", "code");
  const requestHelp = "Duration of REST requests in seconds";
  const requests = histogram("echoo_http_seconds", requestHelp, httpBuckets, "method", "route", "status");
  const setUp = histogram("echoo_call_setup_seconds", "From the offer until media flowed", setUpBuckets);
  const mos = histogram("echoo_call_mos", "Median MOS of each side of a call, estimated (g107-1)", mosBuckets);
  const pushes = counter("echoo_pushes_total", "Pushes to devices, by what came of them", "kind", "outcome");
  const webhooks = webhookMetrics(registers);
  const damage = counter("echoo_damage_total", "Times that damage was met in a file of the data folder", "file");
  const sessionGauge = gauge("echoo_sessions", "Sessions that are connected or can be resumed");
  const activeGauge = gauge("echoo_active_calls", "Unfinished calls");
  const pendingGauge = gauge("echoo_store_pending", "Records and samples that wait for the store");
  const asideGauge = gauge("echoo_journal_set_aside", "Entries of the journal that wait for people to look at them");
  let expiry: Gauge | undefined;
  let cluster: ClusterMetrics | undefined;

  return {
    callEnded: (reason, answered) => calls.inc({ reason, answered: String(answered) }),
    callSetUp: (seconds) => setUp.observe(seconds),
    callMos: (value) => mos.observe(value),
    callJudged: (code) => verdicts.inc({ code }),
    message: messages,
    socketClosed: (code) => closes.inc({ code: String(code) }),
    refused: (where, code) => refusals.inc({ where, code }),
    pushed: ({ kind, outcome }) => pushes.inc({ kind, outcome }),
    webhookPosted: webhooks.posted,
    damageMet: (file) => damage.inc({ file }),
    httpRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    certificateExpires: (atMs) => {
      expiry ??= gauge("echoo_tls_certificate_expires_seconds", "When the TLS certificate ends, in Unix time");
      expiry.set(Math.round(atMs / 1000));
    },
    forCluster: () => (cluster ??= createClusterMetrics(registers)),
    contentType: registry.contentType,
    render: ({ sessions, activeCalls, storePending, setAside, webhooks: events, cluster: now }) => {
      if (now) cluster?.set(now);
      sessionGauge.set(sessions);
      activeGauge.set(activeCalls);
      pendingGauge.set(storePending);
      asideGauge.set(setAside);
      webhooks.set(events);
      return registry.metrics();
    },
  };
}
