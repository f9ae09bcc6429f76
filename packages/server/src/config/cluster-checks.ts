import type { SettingValues } from "./setting-values.ts";

type Values = Pick<
  SettingValues,
  "mongodbUri" | "nodeLostMs" | "redisSentinelName" | "redisSentinels" | "redisUrl" | "resumeMs" | "secret"
>;

/** Of several servers: what each of them must have, or there would be several systems. */
export function clusterFaults(config: Values): string[] {
  const { redisUrl, redisSentinels, redisSentinelName, mongodbUri, secret, nodeLostMs, resumeMs } = config;
  const faults: string[] = [];
  if ((redisSentinels === undefined) !== (redisSentinelName === undefined)) {
    const names = ["REDIS_SENTINELS", "REDIS_SENTINEL_NAME"];
    const [given, missing] = redisSentinels === undefined ? names.toReversed() : names;
    faults.push(`${given} is set without ${missing}: a primary is found by sentinels and by what they call it`);
  }
  if (redisUrl === undefined && redisSentinels === undefined) return faults;
  if (mongodbUri === undefined) {
    faults.push(
      "REDIS_URL needs MONGODB_URI: with an embedded database each server would have accounts of its own; name the" +
        " MongoDB that all of them use, or unset REDIS_URL",
    );
  }
  if (secret === undefined) {
    faults.push("REDIS_URL needs ECHOO_SECRET: set the same one on every server of the system");
  }
  if (nodeLostMs >= resumeMs / 3) {
    faults.push(
      `ECHOO_NODE_LOST_MS=${nodeLostMs} must be less than a third of ECHOO_RESUME_MS (${resumeMs}): else calls end` +
        " before another server has taken them over",
    );
  }
  return faults;
}

const onlyForSeveral = ["ECHOO_REDIS_PREFIX", "ECHOO_NODE_ID", "ECHOO_NODE_LOST_MS", "ECHOO_DRAIN_MS"];

export function clusterWarnings({ redisUrl, redisSentinels }: Values, set: ReadonlySet<string>): string[] {
  if (redisUrl !== undefined || redisSentinels !== undefined) return [];
  return onlyForSeveral.filter((name) => set.has(name)).map((name) => `${name} has no effect without REDIS_URL`);
}
