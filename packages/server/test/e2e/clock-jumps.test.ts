import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readMachine } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import { CurrentPeer, onceStored, type ServerProcess } from "@echoo/testkit";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { systemClock, systemIds } from "../../src/composition/platform.ts";
import { type RunningServer, startServer } from "../../src/composition/start-server.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { createLogger } from "../../src/observability/logging.ts";
import { answered, ring, somebody } from "../ws/talk.ts";
import { ask, historyOnce, tokenOf } from "./ask.ts";

const hourMs = 3_600_000;

/** The machine's own clocks, of which somebody sets the one on the wall. */
class SettableClock implements Clock {
  aheadMs = 0;

  now() {
    return systemClock.now() + this.aheadMs;
  }

  steady() {
    return systemClock.steady();
  }

  after(delayMs: number, run: () => void) {
    return systemClock.after(delayMs, run);
  }
}

describe("a server whose wall clock is set in the middle of calls", () => {
  const folder = temporaryFolder();
  const clock = new SettableClock();
  const logger = createLogger("silent");
  let running: RunningServer;
  let server: Pick<ServerProcess, "url" | "wsUrl" | "stored">;

  async function start(port: number): Promise<void> {
    const config = readConfig({ ECHOO_DATA: folder.path, PORT: String(port), HOST: "127.0.0.1" }, []);
    running = await startServer({ config, logger, clock, ids: systemIds, machine: readMachine() });
    server = {
      url: `http://127.0.0.1:${running.port}`,
      wsUrl: `ws://127.0.0.1:${running.port}`,
      stored: (read, isWanted) => onceStored(folder.path, read, isWanted),
    };
  }

  /** The end of one process and the beginning of the next, but for the process itself. */
  async function restart(meanwhile: () => void = () => {}): Promise<void> {
    const { port } = running;
    await running.close();
    meanwhile();
    await start(port);
  }

  async function two() {
    const [a, b] = await Promise.all(
      [somebody(), somebody()].map((userId) => CurrentPeer.connect(server.wsUrl, { userId })),
    );
    assert.ok(a && b);
    return { a, b };
  }

  before(() => start(0));
  after(async () => {
    await running.close();
    folder.remove();
  });

  for (const hours of [13, -13]) {
    test(`by ${hours} h: a call goes on, and is recorded with its length`, async () => {
      const talk = await answered(await two());
      const { a, b, callId } = talk;
      const beganMs = clock.steady();
      clock.aheadMs += hours * hourMs;
      // Whatever comes next has all deadlines looked at.
      a.send({ type: "candidate", callId, candidate: { candidate: "candidate:1" } });
      await b.next("candidate");
      a.send({ type: "hangup", callId });
      const { reason, durationMs = 0 } = await b.next("hangup");
      const passedMs = clock.steady() - beganMs;
      assert.equal(reason, "hangup");
      assert.ok(durationMs < passedMs + 60_000, `${durationMs} ms`);
      const [call] = await historyOnce(server, a.joined.userId, (calls) => calls.length === 1);
      assert.ok(call.duration < 60, `${call.duration} s`);
      assert.ok(Date.parse(call.answeredAt) >= Date.parse(call.startTime));
      assert.ok(Date.parse(call.endTime) >= Date.parse(call.answeredAt));
      assert.ok(Date.parse(call.endTime) - Date.parse(call.answeredAt) < 60_000);
      clock.aheadMs = 0;
    });
  }

  test("ahead: a missed call of that time can be marked as seen once the clock is right again", async () => {
    const callee = somebody();
    const token = await tokenOf(server, callee);
    const a = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    const b = await CurrentPeer.connect(server.wsUrl, { userId: callee, token });
    clock.aheadMs = 5 * hourMs;
    const callId = await ring({ a, b });
    a.send({ type: "hangup", callId });
    await b.next("hangup");
    await historyOnce(server, a.joined.userId, (calls) => calls.length === 1);
    clock.aheadMs = 0;
    assert.equal((await ask(server, `GET /api/calls/${callee}`, { token })).body.unseenMissed, 1);
    const { body } = await ask(server, `POST /api/calls/${callee}/seen`, { token });
    assert.deepEqual(body, { marked: 1, unseenMissed: 0 });
  });

  test("back: histories stay in the order of their calls, also over a restart", async () => {
    const { a, b } = await two();
    const missed: string[] = [];
    for (const aheadMs of [0, -2 * hourMs]) {
      clock.aheadMs = aheadMs;
      missed.unshift(await ring({ a, b }));
      a.send({ type: "hangup", callId: missed[0] ?? "" });
      await b.next("hangup", (message) => message.callId === missed[0]);
    }
    await historyOnce(server, b.joined.userId, (calls) => calls.length === 2);
    await restart();
    for (const peer of [a, b]) await peer.resume();
    missed.unshift(await ring({ a, b }));
    a.send({ type: "hangup", callId: missed[0] ?? "" });
    const calls = await historyOnce(server, b.joined.userId, (all) => all.length === 3);
    assert.deepEqual(
      calls.map(({ callId }) => callId),
      missed,
    );
    clock.aheadMs = 0;
  });

  test("while the server is down: a ring keeps what was left of it", async () => {
    const { a, b } = await two();
    const callId = await ring({ a, b });
    await restart(() => {
      clock.aheadMs = -3 * hourMs;
    });
    const { calls } = await a.resume();
    const [call] = calls;
    assert.deepEqual([call?.callId, call?.state], [callId, "ringing"]);
    assert.ok((call?.expiresInMs ?? 0) <= 60_000 && (call?.expiresInMs ?? 0) > 0, `${call?.expiresInMs} ms`);
    a.send({ type: "hangup", callId });
    await historyOnce(server, b.joined.userId, (all) => all.length === 1);
    clock.aheadMs = 0;
  });
});
