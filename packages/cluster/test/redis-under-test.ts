import type { RedisProcess } from "@echoo/testkit";
import { openRedis, type RedisConnection } from "../src/redis/open-redis.ts";
import { RedisScripts, readPresence } from "../src/redis/redis-scripts.ts";
import type { StoreUnderTest } from "./conformance/store-under-test.ts";

const prefix = "test:";

/** A server that all tests of a file use, each with it emptied. */
export async function redisUnderTest(server: RedisProcess): Promise<StoreUnderTest> {
  const connection = await openRedis({ socket: server.socket }, () => {});
  const { command } = connection;
  const hearers: RedisConnection[] = [];
  await command(["FLUSHALL"]);
  return {
    scripts: new RedisScripts(prefix, command),
    read: async (node, after) => {
      const entries = await command(["XRANGE", `${prefix}q:${node}`, `(${after}`, "+"]);
      return (entries as [string, string[]][]).map(([id, [, text = ""]]) => ({ id, text }));
    },
    trim: async (node, upTo) => {
      const [ms, seq] = upTo.split("-");
      await command(["XTRIM", `${prefix}q:${node}`, "MINID", `${ms}-${Number(seq) + 1}`]);
    },
    settle: async () => {
      await command(["HSET", `${prefix}era`, "sinceMs", "0"]);
    },
    empty: async () => {
      await command(["FLUSHALL"]);
    },
    dump: () => dumpOf(connection),
    next: async () => {
      const time = async () => Number(((await command(["TIME"])) as string[]).join("").slice(0, 13));
      for (const before = await time(); (await time()) === before; );
    },
    fill: async (what, node, entries) => {
      const key = prefix + (what === "records" ? what : `q:${node}`);
      const each = "for at = 0, ARGV[2] - 1 do redis.call('XADD', ARGV[1], '*', 'm', 'filled ' .. at) end";
      await command(["EVAL", each, "0", key, String(entries)]);
    },
    hearPresence: async (run) => {
      const hearer = await openRedis({ socket: server.socket }, () => {});
      hearers.push(hearer);
      await hearer.subscribe(`${prefix}presence`, (text) => run(readPresence(text)));
    },
    close: async () => {
      for (const hearer of hearers) hearer.close();
      connection.close();
    },
  };
}

/** All keys as they are; the result puts them back in place of whatever there is then. */
async function dumpOf({ command }: RedisConnection): Promise<() => Promise<void>> {
  const copy = "copy:";
  const keys = (await command(["KEYS", `${prefix}*`])) as string[];
  for (const key of keys) await command(["COPY", key, copy + key]);
  return async () => {
    for (const key of (await command(["KEYS", `${prefix}*`])) as string[]) await command(["DEL", key]);
    for (const key of keys) await command(["RENAME", copy + key, key]);
  };
}
