import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RedisProcess, realClock, requireService } from "@echoo/testkit";
import { openRedis, type RedisConnection } from "../../src/redis/open-redis.ts";
import { RedisScripts } from "../../src/redis/redis-scripts.ts";
import { type AdmissionRequest, requireAdmission } from "../../src/redis/require-admission.ts";
import { RedisRefused, requireUsable } from "../../src/redis/require-usable.ts";

for (const kind of ["valkey", "redis"] as const) {
  describe(`a node that wants to be one of several, on ${kind}`, { skip: requireService(kind) }, () => {
    let server: RedisProcess;
    let connection: RedisConnection;
    before(async () => {
      server = await RedisProcess.start(kind);
      connection = await openRedis({ socket: server.socket }, () => {});
    });
    after(async () => {
      connection?.close();
      await server?.stop();
    });

    const rules = (ringMs: number) => JSON.stringify({ ECHOO_RING_MS: ringMs, ECHOO_ICE_POLICY: "all" });

    function ask(prefix: string, more: Partial<AdmissionRequest> = {}) {
      const place = { address: { socket: server.socket }, prefix };
      const common = { secret: "s", config: rules(60_000), formerBoot: undefined, nodeLostMs: 1_000 };
      return requireAdmission({ place, clock: realClock, ...common, ...more });
    }

    async function hello(prefix: string, node: string): Promise<RedisScripts> {
      const scripts = new RedisScripts(prefix, connection.command);
      await scripts.hello(node, { runId: connection.runId, lastRead: "0-0", secret: "s", config: rules(60_000) });
      return scripts;
    }

    test("is told what the time is there, and of nothing odd", async () => {
      const { warnings, measured } = await ask("plain:");
      assert.deepEqual(warnings, []);
      const [storeMs, askedAtMs, answeredAtMs] = measured;
      assert.ok(askedAtMs <= answeredAtMs);
      assert.ok(Math.abs(storeMs - realClock.now()) < 60_000, `${storeMs}`);
    });

    test("is refused where another node lives by other rules, with the setting and both its values", async () => {
      const scripts = await hello("rules:", "n1");
      const beats = setInterval(() => void scripts.beat("n1"), 200);
      const refused = (message: RegExp) => (error: unknown) => {
        assert.ok(error instanceof RedisRefused);
        assert.match(error.message, message);
        return true;
      };
      await assert.rejects(
        ask("rules:", { config: rules(30_000) }),
        refused(/^ECHOO_RING_MS \(30000 here, 60000 there\): the nodes that run have another value/),
      );
      await assert.rejects(ask("rules:", { secret: "other" }), refused(/^ECHOO_SECRET is not that of the nodes/));
      await ask("rules:");
      clearInterval(beats);
    });

    test("may have other rules once the others are dead, which it waits for", async () => {
      const scripts = await hello("dead:", "n1");
      await ask("dead:", { config: rules(30_000) });
      assert.deepEqual(await scripts.beat("n1"), { code: "buried" });
    });

    test("buries the process that it was before, without a wait", async () => {
      const scripts = await hello("boot:", "n1");
      await ask("boot:", { config: rules(30_000), formerBoot: "n1", nodeLostMs: 3_600_000 });
      assert.deepEqual(await scripts.beat("n1"), { code: "buried" });
    });

    test("is refused by a server that evicts what is in use, with what to set there", async () => {
      await connection.command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
      await assert.rejects(
        ask("plain:"),
        /^RedisRefused: REDIS_URL .*evicts.*: set maxmemory-policy noeviction there$/,
      );
      await connection.command(["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    });

    test("is told of a server that keeps nothing on its disk", async () => {
      await connection.command(["CONFIG", "SET", "appendonly", "no"]);
      assert.match((await ask("plain:")).warnings.join(), /appendonly yes/);
    });
  });
}

const usable = "redis_version:7.2.4\r\ncluster_enabled:0\r\nrole:master\r\naof_enabled:1\r\n";

for (const [what, line, changed, sentence] of [
  ["an old Redis", "redis_version:7.2.4", "redis_version:6.2.14", /Redis 6\.2\.14: use Redis 7\.0 or later/],
  ["a Redis Cluster", "cluster_enabled:0", "cluster_enabled:1", /Redis Cluster, .*: use one primary/],
  ["a replica", "role:master", "role:slave", /a replica, .*: name its primary/],
] as const) {
  test(`${what} is refused, with what to use instead`, async () => {
    const answers = async ([name]: readonly string[]) =>
      name === "INFO" ? usable.replace(line, changed) : ["maxmemory-policy", "noeviction"];
    await assert.rejects(requireUsable(answers), sentence);
  });
}

test("where the policy may not be read, the operator is told what it has to be", async () => {
  const answers = async ([name]: readonly string[]) => {
    if (name === "INFO") return usable;
    throw new Error("NOPERM");
  };
  assert.match((await requireUsable(answers)).join(), /noeviction/);
});
