import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askAboutSocket } from "../src/connection/ask-about-socket.ts";
import { Bench, settled } from "./bench.ts";

/** A socket that never opens, as often as said, and whatever comes of it. */
async function refused(bench: Bench, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    bench.socket.drop(1006);
    await settled();
    bench.clock.advance(0);
  }
}

function answering(replies: Record<string, () => Response>): typeof globalThis.fetch {
  return async (input) => {
    const reply = replies[String(input)];
    if (reply === undefined) throw new TypeError("Failed to fetch");
    return reply();
  };
}

const refusal = (status: number, code: string) => () => Response.json({ error: "A sentence.", code }, { status });

describe("a client whose socket never opens", () => {
  it("says why the server refuses it, at once and once, and goes on trying", async () => {
    const bench = new Bench();
    bench.server.refusal = "origin_refused";
    bench.client.connect();
    await refused(bench, 1);
    assert.deepEqual(bench.log, ["connecting", "error origin_refused"]);
    await refused(bench, 5);
    assert.deepEqual(bench.log, ["connecting", "error origin_refused"]);
    assert.equal(bench.server.sockets.length, 7);
    bench.joins();
    assert.equal(bench.client.status, "online");
  });

  it("says that nothing answers from the third failure on: a server that restarts is away for less", async () => {
    const bench = new Bench();
    bench.client.connect();
    await refused(bench, 2);
    assert.deepEqual(bench.log, ["connecting"]);
    await refused(bench, 4);
    assert.deepEqual(bench.log, ["connecting", "error offline"]);
  });

  it("says it anew once it has been there in between", async () => {
    const bench = new Bench();
    bench.online();
    bench.log.length = 0;
    await refused(bench, 4);
    bench.joins();
    await refused(bench, 4);
    assert.deepEqual(bench.log, ["connecting", "error offline", "online", "connecting", "error offline"]);
  });

  it("says that a server lets it wait which takes sockets and answers nothing", async () => {
    const bench = new Bench();
    bench.client.connect();
    for (let time = 0; time < 3; time += 1) {
      bench.socket.open();
      bench.clock.advance(10_000);
    }
    assert.deepEqual(bench.log, ["connecting", "error timeout"]);
  });

  it("waits for no answer for longer than 5 s, and leaves nothing behind when it is closed", async () => {
    const bench = new Bench({ askAboutSocket: () => new Promise(() => {}) });
    bench.client.connect();
    await refused(bench, 3);
    bench.clock.advance(4_999);
    assert.deepEqual(bench.log, ["connecting"]);
    bench.clock.advance(1);
    assert.deepEqual(bench.log, ["connecting", "error offline"]);
    bench.client.dispose();
    bench.clock.advance(20_000);
    assert.equal(bench.clock.pendingTimers, 0);
  });
});

describe("asking about a socket", () => {
  const url = "wss://calls.test/ws";

  it("gives the server's own code and sentence", async () => {
    for (const [status, code] of [
      [403, "origin_refused"],
      [421, "unknown_host"],
      [429, "rate_limited"],
      [503, "unavailable"],
    ] as const) {
      const error = await askAboutSocket(url, answering({ "https://calls.test/api/socket": refusal(status, code) }));
      assert.deepEqual([error.code, error.message], [code, "A sentence."]);
    }
  });

  it("names the way between where the server would take the socket, or something else answers", async () => {
    const fine = () => Response.json({ status: "ok" });
    assert.equal(
      (await askAboutSocket(url, answering({ "https://calls.test/api/socket": fine }))).code,
      "socket_refused",
    );
    const proxy = answering({ "https://calls.test/api/socket": () => new Response("Bad Gateway", { status: 502 }) });
    const bad = await askAboutSocket(url, proxy);
    assert.deepEqual([bad.code, /\/ws.*502/.test(bad.message)], ["socket_refused", true]);
    const unreadable = answering({ "https://calls.test/livez": () => new Response("") });
    assert.equal((await askAboutSocket(url, unreadable)).code, "socket_refused");
  });

  it("says that nothing is there where nothing answers", async () => {
    assert.equal((await askAboutSocket(url, answering({}))).code, "offline");
  });

  it("asks beside the socket, wherever a proxy has put that", async () => {
    const beside = answering({ "http://host.test:8080/calls/api/socket": refusal(403, "origin_refused") });
    assert.equal((await askAboutSocket("ws://host.test:8080/calls/ws", beside)).code, "origin_refused");
  });
});
