import type { ClusterEvent } from "@echoo/core";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** How a server among several is, now. */
export interface ClusterGauges {
  readonly state: "ok" | "settling" | "away";
  readonly nodes: number;
  readonly inputsPending: number;
  readonly batchesPending: number;
  readonly waitingRecords: number;
}

/** What a server among several counts. */
export interface ClusterMetrics {
  counted(event: ClusterEvent | "buried" | "eras"): void;
  /** A step was answered, or was not. */
  asked(script: string, seconds: number, isAnswered: boolean): void;
  /** So long after it was written an entry of the own stream was read. */
  lagged(seconds: number): void;
  set(gauges: ClusterGauges): void;
}

const states = ["ok", "settling", "away"] as const;
const scriptBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 3];

const events = {
  adopted: "Calls taken over from a server that is no more",
  buried: "Servers that this one took for dead, itself included",
  conflicts: "Calls that ended because another one had their lock, after lost data",
  eras: "Times that Redis was another process than before",
  fenced: "Calls that another server turned out to have",
  gaps: "Times that messages of a call were missing",
  handed_over: "Calls given to another server before this one ends",
  rebound: "Sides of calls that a new session took over",
} as const satisfies Record<ClusterEvent | "buried" | "eras", string>;

export function createClusterMetrics(registers: Registry[]): ClusterMetrics {
  const gauge = (name: string, help: string) => new Gauge({ name: `echoo_cluster_${name}`, help, registers });
  const counters = new Map(
    Object.entries(events).map(([event, help]) => {
      return [event, new Counter({ name: `echoo_cluster_${event}_total`, help, registers })] as const;
    }),
  );
  const state = new Gauge({
    ...{ name: "echoo_cluster_state", help: "1 for how Redis is: ok, settling or away" },
    ...{ labelNames: ["state"], registers },
  });
  const seconds = new Histogram({
    ...{ name: "echoo_cluster_redis_seconds", help: "Duration of steps in Redis", buckets: scriptBuckets },
    ...{ labelNames: ["script"], registers },
  });
  const errors = new Counter({
    ...{ name: "echoo_cluster_redis_errors_total", help: "Steps whose answer did not come", registers },
  });
  const lag = gauge("stream_lag_seconds", "How late the last message of another server was read");
  const nodes = gauge("nodes", "Servers that are alive");
  const inputs = gauge("inputs_pending", "What happened here to calls elsewhere and was not taken in yet");
  const batches = gauge("batches_pending", "Decisions about calls that Redis has not accepted yet");
  const records = gauge("records_waiting", "Ended calls in Redis that the database does not have yet");
  return {
    counted: (event) => counters.get(event)?.inc(),
    asked: (script, tookSeconds, isAnswered) => {
      if (isAnswered) seconds.observe({ script }, tookSeconds);
      else errors.inc();
    },
    lagged: (lagSeconds) => lag.set(lagSeconds),
    set: (now) => {
      for (const one of states) state.set({ state: one }, one === now.state ? 1 : 0);
      nodes.set(now.nodes);
      inputs.set(now.inputsPending);
      batches.set(now.batchesPending);
      records.set(now.waitingRecords);
    },
  };
}
