import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultReconnectPolicy, EchooClient } from "@echoo/client";
import { Bench, joined, settled } from "./bench.ts";

describe("the link", () => {
  it("joins as a current device with a random id of its own and no token", () => {
    const bench = new Bench().online();
    const { userId, deviceId, protocol, token, resume } = bench.socket.last("join");
    assert.deepEqual(
      { userId, protocol, token, resume },
      { userId: "ann", protocol: 2, token: undefined, resume: undefined },
    );
    assert.equal(deviceId, bench.client.deviceId);
    assert.equal(bench.client.session, "s1");
    assert.deepEqual(bench.log, ["connecting", "online"]);
  });

  it("joins with its token", () => {
    assert.equal(new Bench({ token: "secret" }).online().socket.last("join").token, "secret");
  });

  it("confirms what it received with every ping and drops what was confirmed by pong", () => {
    const bench = new Bench().online();
    bench.socket.say({ type: "ringing", callId: "c1", from: "bob", seq: 1 });
    bench.socket.say({ type: "ringing", callId: "c1", from: "bob", seq: 2 });
    bench.clock.advance(15_000);
    assert.equal(bench.socket.last("ping").seq, 2);
  });

  it("pings out of turn when the server's queue fills up", () => {
    const bench = new Bench().online();
    for (let seq = 1; seq <= 64; seq += 1) bench.socket.say({ type: "ringing", callId: "c1", from: "bob", seq });
    assert.equal(bench.socket.last("ping").seq, 64);
  });

  it("takes a link for dead after two pings without a pong, and resumes on another", () => {
    const bench = new Bench().online();
    const first = bench.socket;
    first.say({ type: "ringing", callId: "c1", from: "bob", seq: 7 });
    bench.clock.advance(15_000 + 5_000);
    assert.deepEqual(first.types(), ["join", "ping", "ping"]);
    bench.clock.advance(4_999);
    assert.equal(bench.client.status, "online");
    bench.clock.advance(1);
    assert.equal(bench.client.status, "connecting");
    assert.equal(first.closed, true);
    bench.retries().socket.open();
    assert.deepEqual(bench.socket.last("join").resume, { session: "s1", seq: 7 });
  });

  it("asks once more before it gives a slow link up", () => {
    const bench = new Bench().online();
    bench.clock.advance(15_000 + 9_000);
    bench.socket.say({ type: "pong", time: 0 });
    bench.clock.advance(14_999);
    assert.deepEqual(bench.socket.types(), ["join", "ping", "ping"]);
    bench.clock.advance(1);
    assert.deepEqual(bench.socket.types(), ["join", "ping", "ping", "ping"]);
    assert.equal(bench.server.sockets.length, 1);
  });

  it("lives on as long as pongs come", () => {
    const bench = new Bench().online();
    for (let beat = 0; beat < 20; beat += 1) {
      bench.clock.advance(15_000);
      bench.socket.say({ type: "pong", time: 0 });
    }
    assert.equal(bench.server.sockets.length, 1);
  });

  it("gives a socket up that does not join in time", () => {
    const bench = new Bench();
    bench.client.connect();
    bench.socket.open();
    bench.clock.advance(10_000 + 200);
    assert.equal(bench.server.sockets.length, 2);
  });

  it("waits longer after each failure, up to a ceiling, and starts over once a link has proven stable", () => {
    // As late as chance has it.
    const bench = new Bench({ entropy: { random: () => 1, uuid: () => "device" } });
    bench.client.connect();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const before = bench.server.sockets.length;
      bench.socket.drop(1006);
      let waitedMs = 0;
      while (bench.server.sockets.length === before) {
        bench.clock.advance(100);
        waitedMs += 100;
      }
      waits.push(waitedMs);
    }
    assert.deepEqual(waits, [400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
    bench.joins();
    bench.clock.advance(10_000);
    bench.socket.drop(1006);
    bench.clock.advance(400);
    assert.equal(bench.server.sockets.length, 10);
  });

  it("comes back within 3 s of a server's return while a call lives", async () => {
    const bench = new Bench({ entropy: { random: () => 1, uuid: () => "00000000-0000-4000-8000-000000000001" } });
    bench.online();
    void bench.client.call("bob", { video: false });
    await settled();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      bench.socket.drop(1006);
      bench.clock.advance(3_000);
    }
    const before = bench.server.sockets.length;
    bench.socket.drop(1006);
    bench.clock.advance(2_999);
    assert.equal(bench.server.sockets.length, before);
    bench.clock.advance(1);
    assert.equal(bench.server.sockets.length, before + 1);
  });

  it("spreads the tries of many over all of a step, from its very beginning", () => {
    const waits = [0, 0.25, 0.5, 0.999].map((random) => defaultReconnectPolicy.delayMs(9, random, true));
    assert.deepEqual(waits, [0, 750, 1500, 2997]);
    assert.equal(defaultReconnectPolicy.delayMs(9, 0.5, false), 5_000);
  });

  it("does not let whoever dials wait for the next try", async () => {
    const bench = new Bench({ entropy: { random: () => 1, uuid: () => "00000000-0000-4000-8000-000000000001" } });
    bench.online();
    bench.socket.drop(1006);
    void bench.client.call("bob", { video: false });
    assert.equal(bench.server.sockets.length, 2);
  });

  it("does not start over for a server that closes what it has just accepted", () => {
    const bench = new Bench({ entropy: { random: () => 1, uuid: () => "device" } }).online();
    bench.socket.drop(1008);
    bench.clock.advance(400);
    bench.joins().socket.drop(1008);
    bench.clock.advance(799);
    assert.equal(bench.server.sockets.length, 2);
    bench.clock.advance(1);
    assert.equal(bench.server.sockets.length, 3);
  });
});

describe("the link, when it is closed or asked to go", () => {
  for (const [code, error] of [
    [4401, "unauthorized"],
    [4409, "session_replaced"],
  ] as const) {
    it(`stays away after close code ${code} and says ${error}`, () => {
      const bench = new Bench().online();
      bench.socket.drop(code);
      bench.clock.advance(3_600_000);
      assert.equal(bench.server.sockets.length, 1);
      assert.equal(bench.client.session, undefined);
      assert.deepEqual(bench.log, ["connecting", "online", "offline", `error ${error}`]);
      assert.equal(bench.clock.pendingTimers, 0);
    });
  }

  it("does not say twice that it is unauthorized", () => {
    const bench = new Bench();
    bench.client.connect();
    bench.socket.open();
    bench.socket.say({ type: "error", code: "unauthorized", message: "The token is not valid." });
    bench.socket.drop(4401);
    assert.deepEqual(bench.log, ["connecting", "error unauthorized", "offline"]);
  });

  it("tries again at once after a join that came too late, but only once", () => {
    const bench = new Bench({ entropy: { random: () => 1, uuid: () => "device" } });
    bench.client.connect();
    bench.socket.drop(4408);
    bench.clock.advance(0);
    assert.equal(bench.server.sockets.length, 2);
    bench.socket.drop(4408);
    bench.clock.advance(799);
    assert.equal(bench.server.sockets.length, 2);
    bench.clock.advance(1);
    assert.equal(bench.server.sockets.length, 3);
  });

  it("waits as long as the server asked after flooding", () => {
    const bench = new Bench().online();
    bench.socket.say({ type: "error", code: "flooding", message: "Too fast.", retryInMs: 5_000 });
    bench.clock.advance(1_000);
    bench.socket.drop(4429);
    bench.clock.advance(3_999);
    assert.equal(bench.server.sockets.length, 1);
    bench.clock.advance(1);
    assert.equal(bench.server.sockets.length, 2);
  });

  it("moves to another socket when the node drains, and keeps the old one until it has joined", () => {
    const bench = new Bench().online();
    const old = bench.socket;
    old.say({ type: "goaway", reconnectInMs: 3_000 });
    bench.clock.advance(2_999);
    assert.equal(bench.server.sockets.length, 1);
    bench.clock.advance(1);
    assert.equal(old.closed, false);
    bench.socket.open();
    assert.deepEqual(bench.socket.last("join").resume, { session: "s1", seq: 0 });
    bench.socket.say(joined({ resumed: true, n: 0 }));
    assert.equal(old.closed, true);
    assert.deepEqual(bench.log, ["connecting", "online", "goaway", "connecting", "online"]);
  });

  for (const code of [1001, 1012]) {
    it(`keeps to the announced time when a draining node closes early with ${code}`, () => {
      const bench = new Bench().online();
      bench.socket.say({ type: "goaway", reconnectInMs: 3_000 });
      bench.clock.advance(1_000);
      bench.socket.drop(code);
      bench.clock.advance(1_999);
      assert.equal(bench.server.sockets.length, 1);
      bench.clock.advance(1);
      assert.equal(bench.server.sockets.length, 2);
    });
  }

  it("passes over frames that it cannot read and types that it does not know, but counts their numbers", () => {
    const bench = new Bench().online();
    for (const data of ["not json", "[]", "null", '{"type":7}', '{"type":"offer","seq":3}', new ArrayBuffer(2)]) {
      bench.socket.sayRaw(data);
    }
    bench.socket.sayRaw('{"type":"hologram","seq":9}');
    bench.socket.sayRaw('{"type":"constructor"}');
    bench.clock.advance(15_000);
    assert.equal(bench.socket.last("ping").seq, 9);
    assert.equal(bench.log.filter((line) => line === "error bad_message").length, 6);
  });

  it("says goodbye and leaves nothing running", async () => {
    const bench = new Bench().online();
    const left = bench.client.leave();
    assert.equal(bench.socket.received.at(-1)?.type, "leave");
    assert.equal(bench.client.status, "offline");
    await left;
    assert.equal(bench.clock.pendingTimers, 0);
  });

  it("tries at once when the machine gets its network back, and doubts a link from before", () => {
    const listeners = new Set<() => void>();
    const globals = globalThis as { addEventListener?: unknown; removeEventListener?: unknown };
    globals.addEventListener = (_type: string, run: () => void) => listeners.add(run);
    globals.removeEventListener = (_type: string, run: () => void) => listeners.delete(run);
    try {
      const bench = new Bench().online();
      for (const networkBack of listeners) networkBack();
      assert.equal(bench.socket.types().at(-1), "ping");
      bench.socket.drop(1006);
      for (const networkBack of listeners) networkBack();
      assert.equal(bench.server.sockets.length, 2);
      for (const networkBack of listeners) networkBack();
      assert.equal(bench.server.sockets.length, 2);
      bench.client.dispose();
      assert.equal(listeners.size, 0);
    } finally {
      delete globals.addEventListener;
      delete globals.removeEventListener;
    }
  });

  it("says what to do where there is no WebSocket", { skip: typeof WebSocket !== "undefined" }, () => {
    const errors: string[] = [];
    const client = new EchooClient({ url: "ws://server.test/ws", userId: "ann" });
    client.on("error", ({ message }) => errors.push(message));
    client.connect();
    assert.match(errors[0] ?? "", /pass one as `socket`/);
  });

  it("reports an address that no socket can be opened to", () => {
    const bench = new Bench({
      socket: () => {
        throw new DOMException("bad scheme", "SyntaxError");
      },
    });
    bench.client.connect();
    assert.deepEqual(bench.log, ["connecting", "offline", "error offline"]);
  });

  it("connects again after it went offline", () => {
    const bench = new Bench().online();
    bench.socket.drop(4401);
    bench.online({ session: "s2" });
    assert.equal(bench.socket.last("join").resume, undefined);
    assert.equal(bench.client.session, "s2");
  });
});
