import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import Database from "libsql";
import { offer, ring, talk, twoPeople } from "../ws/talk.ts";
import { ask, historyOnce, tokenOf } from "./ask.ts";

describe("what the server says of itself", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  test("health counts who is online and what calls there are; the gauges agree", async () => {
    const { a, b, callId } = await talk(server);
    await twoPeople(server);
    const { body } = await ask(server, "GET /api/health");
    assert.deepEqual([body.status, body.online, body.activeCalls], ["ok", 4, 1]);
    assert.deepEqual([await gauge("echoo_sessions"), await gauge("echoo_active_calls")], [4, 1]);
    // A session that may come back still counts, one that left does not.
    b.terminate();
    await a.next("peerLost");
    assert.equal(await gauge("echoo_sessions"), 4);
    assert.equal((await b.resume()).resumed, true);
    assert.equal(await gauge("echoo_sessions"), 4);
    a.send({ type: "leave" });
    await b.next("hangup", (message) => message.callId === callId);
    assert.deepEqual([await gauge("echoo_sessions"), await gauge("echoo_active_calls")], [3, 0]);
    await historyOnce(server, a.joined.userId, ([call]) => call?.callId === callId);
    assert.equal(await gauge("echoo_store_pending"), 0);
  });

  test("a call counts once by its end, with the time to connect and the score of each side that measured", async () => {
    const { a, b, callId } = await talk(server);
    const before = [
      await gauge('echoo_calls_total{reason="hangup",answered="true"}'),
      await gauge("echoo_call_mos_count"),
    ];
    const samples = Array.from({ length: 6 }, (_, i) => ({
      t: 1_700_000_000_000 + i * 2_000,
      rttMs: 30,
      lossPercent: 0,
    }));
    a.send({ type: "stats", callId, samples, id: "stats" });
    await a.raw.reply("stats");
    a.send({ type: "hangup", callId });
    await b.next("hangup");
    await historyOnce(server, a.joined.userId, ([call]) => call?.quality !== undefined);
    const late = samples.map((sample) => ({ ...sample, t: sample.t + 60_000 }));
    const token = await tokenOf(server, a.joined.userId);
    const posted = await ask(server, `POST /api/stats/calls/${callId}`, { token, body: { samples: late } });
    assert.equal(posted.status, 200);
    const after = [
      await gauge('echoo_calls_total{reason="hangup",answered="true"}'),
      await gauge("echoo_call_mos_count"),
    ];
    assert.deepEqual(after, [(before[0] ?? 0) + 1, (before[1] ?? 0) + 1]);
    assert.ok((await gauge("echoo_call_setup_seconds_count")) >= 1);
  });

  test("a journal that cannot be written makes it degraded; calls go on, and their records come in the end", async () => {
    const journal = new Database(join(server.data, "journal.db"));
    const { a, b } = await twoPeople(server);
    journal.exec("BEGIN IMMEDIATE");
    const callId = await ring({ a, b });
    assert.equal((await ask(server, "GET /api/health")).body.status, "degraded");
    assert.equal((await ask(server, "GET /readyz")).status, 200);
    b.send({ type: "answer", callId, sdp: offer.sdp });
    await a.next("answer");
    a.send({ type: "hangup", callId });
    await b.next("hangup");
    journal.exec("ROLLBACK");
    journal.close();
    const [call] = await historyOnce(server, a.joined.userId, (calls) => calls.length > 0);
    assert.deepEqual([call.callId, call.endReason], [callId, "hangup"]);
    assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
    const told = server.output().match(/a crash now would forget them/g);
    assert.equal(told?.length, 1, "a disk that fails is told of once, not with each commit");
  });

  test("a store that refuses makes it degraded; calls go on, and their records come in the end", async () => {
    const { a, b } = await twoPeople(server);
    const store = new Database(join(server.data, "echoo.db"));
    store.exec("BEGIN IMMEDIATE");
    const callId = await ring({ a, b });
    b.send({ type: "reject", callId });
    assert.equal((await a.next("reject")).reason, "declined");
    for (let asked = 0; (await ask(server, "GET /api/health")).body.status !== "degraded"; asked += 1) {
      assert.ok(asked < 1_000, "nobody notices that records cannot be stored");
    }
    assert.ok((await gauge("echoo_store_pending")) >= 1);
    store.exec("ROLLBACK");
    store.close();
    await historyOnce(server, a.joined.userId, ([call]) => call?.callId === callId);
    assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
  });

  test("while it drains it is alive and not ready, and takes no new socket", async () => {
    const { a } = await twoPeople(server);
    const stopping = server.kill("SIGTERM");
    await a.next("goaway");
    const ready = await ask(server, "GET /readyz");
    assert.deepEqual([ready.status, ready.body.code], [503, "unavailable"]);
    assert.equal((await ask(server, "GET /livez")).status, 200);
    await assert.rejects(RawPeer.connect(server.wsUrl), /503/);
    assert.deepEqual(await stopping, { code: 0, signal: null });
  });

  async function gauge(name: string): Promise<number> {
    const response = await fetch(`${server.url}/metrics`);
    const line = (await response.text()).split("\n").find((text) => text.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }
});
