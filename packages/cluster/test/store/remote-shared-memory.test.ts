import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ClusterAway } from "@echoo/core";
import { FakeClock, RedisProcess, requireService } from "@echoo/testkit";
import { openRedis } from "../../src/redis/open-redis.ts";
import { patienceMs, RemoteSharedMemory, stepsUnderWayMax } from "../../src/shared/remote-shared-memory.ts";

const rule = { name: "codes:asker", max: 1_000_000, windowMs: 3_600_000 };
const isAway = (error: unknown) => error instanceof ClusterAway;

describe("the shared memory over a connection of its own", { skip: requireService("valkey") }, () => {
  let server: RedisProcess;
  before(async () => {
    server = await RedisProcess.start("valkey");
  });
  after(() => server.stop());

  /** Resolves with each connection. */
  async function connected(clock: FakeClock) {
    const memory = new RemoteSharedMemory({ place: { address: { socket: server.socket }, prefix: "test:" }, clock });
    let back = () => {};
    const next = () => new Promise<void>((resolve) => (back = resolve));
    const first = next();
    memory.onBack(() => back());
    await first;
    return { memory, next };
  }

  test("so many questions wait for a store that is silent, one more is refused at once, and none waits for long", async () => {
    const clock = new FakeClock();
    const { memory, next } = await connected(clock);
    server.freeze();
    const asked = Array.from({ length: stepsUnderWayMax }, () => memory.limits.take(rule, "ann"));
    const outcomes = Promise.allSettled(asked);
    await assert.rejects(memory.limits.take(rule, "ann"), isAway);
    const back = next();
    clock.advance(patienceMs);
    const failed = (await outcomes).filter((each) => each.status === "rejected" && isAway(each.reason));
    assert.equal(failed.length, stepsUnderWayMax);
    await assert.rejects(memory.limits.take(rule, "ann"), isAway);
    server.thaw();
    clock.advance(500);
    await back;
    assert.equal(await memory.limits.take(rule, "ann"), 0);
    memory.stop();
  });

  test("goes on after the store was another process, and after it forgot its scripts", async () => {
    const clock = new FakeClock();
    const { memory, next } = await connected(clock);
    assert.equal(await memory.limits.take(rule, "bob"), 0);
    const back = next();
    await server.kill();
    await assert.rejects(memory.limits.take(rule, "bob"), isAway);
    await server.startAgain();
    clock.advance(500);
    await back;
    assert.equal(await memory.limits.take(rule, "bob"), 0);
    const other = await openRedis({ socket: server.socket }, () => {});
    await other.command(["SCRIPT", "FLUSH"]);
    assert.equal(await memory.limits.take(rule, "bob"), 0);
    other.close();
    memory.stop();
    await assert.rejects(memory.limits.take(rule, "bob"), isAway);
  });
});
