import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { ask, type RestServer, startRest } from "../rest-server.ts";
import { administrator, adminPhone } from "./administrator.ts";

interface Watch {
  readonly status: number;
  /** The next line, or undefined at the end. */
  next(): Promise<{ nodes: { online: number }[] } | undefined>;
  stop(): Promise<void>;
}

async function watch(server: RestServer, token: string): Promise<Watch> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/api/admin/now/stream`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    status: response.status,
    async next() {
      while (!text.includes("\n")) {
        const piece = await reader?.read();
        if (piece?.done !== false) return undefined;
        text += piece.value;
      }
      const end = text.indexOf("\n");
      const line = JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      return line;
    },
    stop: async () => void (await reader?.cancel()),
  };
}

/** Lets seconds pass until the next line, or the end, has come. */
async function afterSeconds<T>(server: RestServer, awaited: Promise<T>): Promise<T> {
  let isHere = false;
  const done = awaited.finally(() => {
    isHere = true;
  });
  while (!isHere) {
    server.clock.advance(1000);
    await new Promise(setImmediate);
  }
  return done;
}

/** Whether it ends; lines that were under way already may still come before. */
async function ends(server: RestServer, live: Watch): Promise<boolean> {
  for (let underWay = 0; underWay < 5; underWay += 1) {
    if ((await afterSeconds(server, live.next())) === undefined) return true;
  }
  return false;
}

test("the installation at this moment is told in figures", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  server.live.online.add("5550001");
  server.live.sidesNow.mos.push(4.3, 4.2, 3.2, 2);
  server.live.sidesNow.warnings = { high_loss: 2 };
  for (const lengthMs of [400, 100, 300, 200]) server.recent.setUp(lengthMs);
  server.recent.ended("hangup");
  server.recent.ended("hangup");
  server.recent.ended("no_answer");
  const { status, body } = await ask(server, "GET /api/admin/now", { token });
  assert.equal(status, 200);
  assert.deepEqual([body.nodes.length, body.nodes[0].name, body.nodes[0].online], [1, "testnode", 1]);
  assert.deepEqual(body.setUp, { calls: 4, p50Ms: 200, p95Ms: 400 });
  assert.deepEqual(body.minutes[0].ended, { hangup: 2, no_answer: 1 });
  assert.deepEqual([body.quality, body.warnings], [{ good: 2, moderate: 1, poor: 1 }, { high_loss: 2 }]);
  const state = (part: string) => body.health.find((each: { part: string }) => each.part === part)?.state;
  assert.deepEqual(["database", "journal", "turn"].map(state), ["ok", "ok", "off"]);
});

test("it comes again every second, and ends with its token", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const live = await watch(server, token);
  assert.equal(live.status, 200);
  assert.equal((await live.next())?.nodes[0]?.online, 0);
  server.live.online.add("5550001");
  assert.equal((await afterSeconds(server, live.next()))?.nodes[0]?.online, 1);
  assert.equal((await ask(server, "POST /api/auth/logout", { token })).status, 200);
  assert.ok(await ends(server, live));
});

test("it ends for who is no administrator any more, and when the server drains", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const first = await watch(server, token);
  await first.next();
  const second = await watch(server, token);
  await second.next();
  server.health.ready = false;
  assert.ok(await ends(server, second));
  server.health.ready = true;
  const third = await watch(server, token);
  await third.next();
  await server.store.users.update(adminPhone, { admin: false });
  assert.ok(await ends(server, third));
});

test("it goes on while the database is away, and says so", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const live = await watch(server, token);
  await live.next();
  await server.store.close();
  const state = async () => {
    const now = (await afterSeconds(server, live.next())) as unknown as { health: { part: string; state: string }[] };
    return now.health.find(({ part }) => part === "database")?.state;
  };
  const states = [await state(), await state(), await state()];
  assert.equal(states.at(-1), "away");
  await live.stop();
});

test("no more of them are open at once than may be", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const open = await Promise.all(Array.from({ length: limits.adminStreams }, () => watch(server, token)));
  await Promise.all(open.map((each) => each.next()));
  assert.deepEqual(new Set(open.map(({ status }) => status)), new Set([200]));
  assert.equal((await watch(server, token)).status, 503);
  await Promise.all(open.map((each) => each.stop()));
});
