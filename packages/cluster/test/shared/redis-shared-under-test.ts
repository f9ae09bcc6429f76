import type { RedisProcess } from "@echoo/testkit";
import { openRedis } from "../../src/redis/open-redis.ts";
import { RedisSharedMemory } from "../../src/shared/redis-shared-memory.ts";
import type { SharedBounds } from "../../src/shared/shared-bounds.ts";
import type { SharedUnderTest } from "./shared-conformance.ts";

const prefix = "test:";

/** A server that all tests of a file use, each with it emptied. Time goes by as every moment in it is moved back. */
export async function redisSharedUnderTest(server: RedisProcess, most: SharedBounds): Promise<SharedUnderTest> {
  const connection = await openRedis({ socket: server.socket }, () => {});
  const { command } = connection;
  await command(["FLUSHALL"]);

  async function age(key: string, ms: number): Promise<void> {
    const leftMs = Number(await command(["PTTL", key]));
    const type = String(await command(["TYPE", key]));
    const older = (moment: string) => String(Number(moment) - ms);
    if (type === "list") {
      const moments = (await command(["LRANGE", key, "0", "-1"])) as string[];
      for (const [at, moment] of moments.entries()) await command(["LSET", key, String(at), older(moment)]);
    } else if (type === "zset") {
      for (const member of (await command(["ZRANGE", key, "0", "-1"])) as string[])
        await command(["ZINCRBY", key, String(-ms), member]);
    } else if (type === "hash") {
      const flat = (await command(["HGETALL", key])) as string[];
      for (let at = 0; at < flat.length; at += 2) {
        const [, moment = "", rest = ""] = /^(\d+)(.*)$/.exec(flat[at + 1] ?? "") ?? [];
        await command(["HSET", key, flat[at] ?? "", older(moment) + rest]);
      }
    } else if (key.startsWith(`${prefix}wt:`)) {
      await command(["SET", key, older(String(await command(["GET", key]))), "KEEPTTL"]);
    }
    if (leftMs >= 0) await command(["PEXPIRE", key, String(leftMs - ms)]);
  }

  return {
    memory: new RedisSharedMemory(prefix, command, most),
    async pass(ms) {
      for (const key of (await command(["KEYS", `${prefix}*`])) as string[]) await age(key, ms);
    },
    close: async () => connection.close(),
  };
}
