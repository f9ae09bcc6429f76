import { createHash } from "node:crypto";
import {
  type AdmissionRequest,
  type ClusterClock,
  ClusterNode,
  connectRedis,
  type RedisPlace,
  RedisRefused,
  requireAdmission,
} from "@echoo/cluster";
import type { Clock } from "@echoo/core";
import type { UserIdRule } from "@echoo/protocol";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../observability/logging.ts";
import type { Metrics } from "../observability/metrics.ts";
import { keepBoot, readFormerBoot } from "./boot-file.ts";
import { randomNodeId } from "./platform.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";

type RedisSettings = Pick<Config, "redisPrefix" | "redisSentinelName" | "redisSentinels" | "redisUrl">;

type ClusterConfig = RedisSettings &
  Pick<
    Config,
    | "callerLostMs"
    | "connectMs"
    | "dataDir"
    | "icePolicy"
    | "maxCallMs"
    | "nodeId"
    | "nodeLostMs"
    | "resumeMs"
    | "ringMs"
  >;

interface ClusterDeps {
  readonly config: ClusterConfig;
  readonly secret: string;
  readonly userIdRule: UserIdRule;
  /** The machine's, and the one that all nodes share. */
  readonly clock: Clock;
  readonly clusterClock: ClusterClock | undefined;
  readonly hostname: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "forCluster">;
  readonly steps: ShutdownSteps;
}

/** Where the servers of one system meet; undefined where this one is alone. */
export function redisPlaceOf(config: RedisSettings): RedisPlace | undefined {
  const { redisUrl: url, redisPrefix: prefix, redisSentinels: sentinels, redisSentinelName: name } = config;
  // The settings are checked to name both or none.
  if (sentinels !== undefined && name !== undefined) return { address: { sentinels, name, url }, prefix };
  return url === undefined ? undefined : { address: { url }, prefix };
}

/**
 * This server as one of several; undefined where it is the only one. Rejects where the others, or their Redis, are
 * not for it. A Redis that is away is waited for while the server serves, like MongoDB.
 */
export async function startCluster(deps: ClusterDeps): Promise<ClusterNode | undefined> {
  const { config, secret, clock, clusterClock, logger, steps } = deps;
  const { dataDir, nodeLostMs } = config;
  const place = redisPlaceOf(config);
  if (place === undefined) return undefined;
  const formerBoot = readFormerBoot(dataDir);
  const [hash, rules] = [hashOf(secret), rulesOf(deps)];
  await admit({ place, clock, nodeLostMs, secret: hash, config: rules, formerBoot }, deps);
  const counts = deps.metrics.forCluster();
  const named = config.nodeId ?? deps.hostname;
  const log = logger.child({ node: named });
  const cluster = new ClusterNode({
    clock,
    connect: (ended) => connectRedis(place, ended),
    newNodeId: randomNodeId,
    ...(formerBoot === undefined ? {} : { formerBoot }),
    secret: hash,
    config: rules,
    nodeLostMs,
    named: (node) => {
      try {
        keepBoot(dataDir, node);
      } catch (err) {
        log.warn({ err }, "who this server is among the others could not be kept: after a crash they will wait for it");
      }
    },
    observer: {
      connected: () => log.info({ boot: cluster.node }, "the other servers can be reached over Redis"),
      disconnected: (err) =>
        log.warn({ err }, "Redis does not answer at REDIS_URL; running calls go on, new ones wait"),
      differs: (what) => {
        const name = what === "secret" ? "ECHOO_SECRET" : "a setting that calls go by";
        log.error(`${name} is not that of the servers that run: this one stays without them`);
      },
      buried: (boot) => {
        counts.counted("buried");
        log.warn({ boot }, "the others took this server for dead: all its clients begin anew");
      },
      counted: (event) => counts.counted(event),
      asked: (step, tookMs, isAnswered) => counts.asked(step, tookMs / 1_000, isAnswered),
      read: (writtenAtMs) => counts.lagged(Math.max(0, (clusterClock?.now() ?? 0) - writtenAtMs) / 1_000),
      buriedOther: (boot) => {
        counts.counted("buried");
        log.warn({ boot }, "a server gives no sign of life: the others take over its calls");
      },
      measured: (storeMs, askedAtMs, answeredAtMs) => clusterClock?.measured(storeMs, askedAtMs, answeredAtMs),
    },
  });
  steps.add("other servers", () => cluster.leave());
  return cluster;
}

const askAgainMs = 1_000;

/**
 * Ends once this server may be one of those that run. Before that it knows neither their time nor their calls, and has
 * nothing to serve: a Redis that is away is waited for.
 */
async function admit(request: AdmissionRequest, { clusterClock, logger }: ClusterDeps): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { warnings, measured } = await requireAdmission(request);
      for (const warning of warnings) logger.warn(warning);
      clusterClock?.measured(...measured);
      return;
    } catch (error) {
      if (error instanceof RedisRefused) throw error;
      if (isRefusal(error)) {
        const said = (error as Error).message;
        throw new RedisRefused(`REDIS_URL names a user or password that Redis does not take (${said})`);
      }
      const err = error;
      if (isFirst) logger.warn({ err }, "Redis does not answer at REDIS_URL; the server starts once it does");
    }
    await new Promise<void>((resolve) => void request.clock.after(askAgainMs, resolve));
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR Client sent AUTH)/.test(error.message);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(`the same on all nodes: ${secret}`).digest("hex");
}

/** What a call is decided by: the same wherever its home is. By the settings' names, which is how a difference is told. */
function rulesOf({ config, userIdRule }: Pick<ClusterDeps, "config" | "userIdRule">): string {
  return JSON.stringify({
    ECHOO_RING_MS: config.ringMs,
    ECHOO_CALLER_LOST_MS: config.callerLostMs,
    ECHOO_CONNECT_MS: config.connectMs,
    ECHOO_RESUME_MS: config.resumeMs,
    ECHOO_MAX_CALL_MS: config.maxCallMs,
    ECHOO_ICE_POLICY: config.icePolicy,
    "what names a user": userIdRule,
  });
}
