import type { RedisCommand } from "./run-script.ts";

/** A server that answers and is of no use to several nodes: the operator's to mend. */
export class RedisRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RedisRefused";
  }
}

const oldestRedis = 7;

/** Throws `RedisRefused` where this server cannot hold what nodes share; the result is what is odd about it. */
export async function requireUsable(command: RedisCommand): Promise<readonly string[]> {
  const info = String(await command(["INFO"]));
  const said = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const version = said("redis_version") ?? "";
  if (Number(version.split(".")[0]) < oldestRedis) {
    throw new RedisRefused(`REDIS_URL leads to Redis ${version}: use Redis ${oldestRedis}.0 or later, or Valkey`);
  }
  if (said("cluster_enabled") === "1") {
    throw new RedisRefused(
      "REDIS_URL leads to a Redis Cluster, whose parts cannot decide about two users at once: use one primary, with a" +
        " replica and Sentinel if it shall not be alone",
    );
  }
  if (said("role") === "slave") {
    throw new RedisRefused("REDIS_URL leads to a replica, which takes no writes: name its primary");
  }
  return [...(await policyWarnings(command)), ...persistenceWarnings(said("aof_enabled"))];
}

/** A lock that was evicted is a second call of the same user. */
async function policyWarnings(command: RedisCommand): Promise<readonly string[]> {
  let policy: string | undefined;
  try {
    const reply = await command(["CONFIG", "GET", "maxmemory-policy"]);
    // A list of names and values, or an object of them in the newer protocol.
    policy = Array.isArray(reply) ? String(reply[1]) : Object.values(reply as object).map(String)[0];
  } catch {
    // Managed services do not let it be read.
    return ["the maxmemory-policy of Redis cannot be read: it must be noeviction, or users may be in two calls"];
  }
  if (policy === "noeviction") return [];
  throw new RedisRefused(
    `REDIS_URL leads to a Redis that evicts what is in use (maxmemory-policy ${policy}), locks among it: set` +
      " maxmemory-policy noeviction there",
  );
}

function persistenceWarnings(appendOnly: string | undefined): readonly string[] {
  if (appendOnly === "1") return [];
  return [
    "Redis keeps nothing on its disk: should it and a node end at once, that node's calls are lost; set appendonly yes",
  ];
}
