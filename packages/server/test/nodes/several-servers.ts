import type { TestContext } from "node:test";
import {
  CurrentPeer,
  type MongoSet,
  RedisProcess,
  type ServerProcess,
  spawnServer,
  startMongoSet,
} from "@echoo/testkit";

const secret = "the same secret on every server of this system";

/** Longer than a dead server is missed and its calls are taken over, on a busy machine. */
const deadlineMs = 60_000;

/** Real servers as processes of their own, on one MongoDB and one Redis. */
export class SeveralServers {
  readonly mongo: MongoSet;
  readonly redis: RedisProcess;
  readonly servers: readonly ServerProcess[];

  private constructor(mongo: MongoSet, redis: RedisProcess, servers: readonly ServerProcess[]) {
    this.mongo = mongo;
    this.redis = redis;
    this.servers = servers;
  }

  static async start(test: TestContext, env: Readonly<Record<string, string>> = {}): Promise<SeveralServers> {
    const mongo = await startMongoSet({ nodes: 1, test });
    const redis = await RedisProcess.start("valkey", { tcp: true });
    test.after(() => redis.stop());
    const servers: ServerProcess[] = [];
    for (const name of ["one", "two"]) servers.push(await spawnServer({ test, env: nodeEnv(mongo, redis, name, env) }));
    return new SeveralServers(mongo, redis, servers);
  }

  get one(): ServerProcess {
    return this.#at(0);
  }

  get two(): ServerProcess {
    return this.#at(1);
  }

  /** A client of one of them. */
  connect(server: ServerProcess, userId: string, token?: string): Promise<CurrentPeer> {
    const named = { userId, deviceId: `phone of ${userId}`, deadlineMs };
    return CurrentPeer.connect(server.wsUrl, token === undefined ? named : { ...named, token });
  }

  #at(index: number): ServerProcess {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`there is no server ${index}`);
    return server;
  }
}

function nodeEnv(
  mongo: MongoSet,
  redis: RedisProcess,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    MONGODB_URI: mongo.uri,
    REDIS_URL: redis.url,
    ECHOO_SECRET: secret,
    ECHOO_NODE_ID: name,
    ECHOO_RATE_LIMITS: "off",
    ECHOO_NODE_LOST_MS: "3000",
    ...more,
  };
}
