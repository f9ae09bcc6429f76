import assert from "node:assert/strict";
import { request } from "node:http";
import { describe, test } from "node:test";
import type { ClientAddress } from "@echoo/accounts";
import { FakeClock, RawPeer, RawSocket, spawnServer } from "@echoo/testkit";
import { SocketLimits, type SocketPlace } from "../../src/ws/limits/socket-limits.ts";

const rates = { open: 4, unjoined: 2, newPerMinute: 8 };

const own = (address: string): ClientAddress => ({ address, vouches: true });

async function taken(limits: SocketLimits, address: string): Promise<SocketPlace> {
  const place = await limits.take(own(address));
  assert.ok(typeof place !== "number", `${address} may open no socket`);
  return place;
}

describe("the sockets of one address", () => {
  test("that have not joined are few, those that have are many, and each gives its place back", async () => {
    const limits = new SocketLimits(rates, new FakeClock());
    const address = "203.0.113.9";
    const [a, b] = [await taken(limits, address), await taken(limits, address)];
    assert.equal(typeof (await limits.take(own(address))), "number");
    a.setJoined(true);
    a.setJoined(true);
    b.setJoined(true);
    const [c, d] = [await taken(limits, address), await taken(limits, address)];
    c.setJoined(true);
    d.setJoined(true);
    assert.equal(typeof (await limits.take(own(address))), "number");
    a.leave();
    a.leave();
    a.setJoined(false);
    await taken(limits, address);
    assert.equal(typeof (await limits.take(own(address))), "number");
  });

  test("a socket that leaves its session counts as one that has not joined", async () => {
    const limits = new SocketLimits(rates, new FakeClock());
    const places = [await taken(limits, "203.0.113.9"), await taken(limits, "203.0.113.9")];
    for (const place of places) place.setJoined(true);
    for (const place of places) place.setJoined(false);
    assert.equal(typeof (await limits.take(own("203.0.113.9"))), "number");
  });

  test("are opened so many times a minute, whatever becomes of them; then it is said when to come back", async () => {
    const limits = new SocketLimits(rates, new FakeClock());
    for (let n = 0; n < rates.newPerMinute; n += 1) (await taken(limits, "203.0.113.9")).leave();
    const waitMs = await limits.take(own("203.0.113.9"));
    assert.ok(typeof waitMs === "number" && waitMs > 0 && waitMs <= 60_000, String(waitMs));
    await taken(limits, "203.0.113.10");
  });

  test("of all whom a proxy does not tell apart are ten times as many, and take nothing from those it does", async () => {
    const limits = new SocketLimits(rates, new FakeClock());
    const crowd: ClientAddress = { address: "203.0.113.9", unknown: "unreadable", vouches: false };
    for (let n = 0; n < rates.unjoined * 10; n += 1) assert.ok(typeof (await limits.take(crowd)) !== "number");
    assert.equal(typeof (await limits.take(crowd)), "number");
    await taken(limits, "203.0.113.9");
    const machine: ClientAddress = { address: "127.0.0.1", unknown: "missing", vouches: false };
    for (let n = 0; n < rates.open * 11; n += 1) assert.ok(typeof (await limits.take(machine)) !== "number");
  });

  test("are those of its whole /64 in IPv6, and this machine's are not counted", async () => {
    const limits = new SocketLimits(rates, new FakeClock());
    for (const address of ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2"]) await taken(limits, address);
    assert.equal(typeof (await limits.take(own("2001:db8:1:2::3"))), "number");
    await taken(limits, "2001:db8:1:3::1");
    for (const address of ["127.0.0.1", "127.0.0.9", "::1"]) {
      for (let n = 0; n < 20; n += 1) await taken(limits, address);
    }
  });
});

describe("a server behind a proxy", () => {
  const env = { ECHOO_TRUST_PROXY: "loopback", ECHOO_OPEN_ACCESS: "all", ECHOO_SOCKETS_PER_ADDRESS: "8" };
  const from = (address: string) => ({ "X-Forwarded-For": address });

  test("counts sockets by the client's address, and refuses one too many with 429 and when to come back", async (t) => {
    const server = await spawnServer({ env, test: t });
    const flood = await Promise.all([1, 2].map(() => RawSocket.connect(server.url, t)));
    for (const socket of flood) assert.equal(await socket.upgrade("/", from("203.0.113.9")), 101);
    const refused = await fetchUpgrade(server.url, "203.0.113.9");
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.retryAfter) >= 1, String(refused.retryAfter));
    // Somebody else comes through the same proxy.
    const other = await RawPeer.connect(server.wsUrl, { headers: from("203.0.113.10"), test: t });
    await other.join("5556660001", { protocol: 2 });
    // Who joins makes room for the next one of the same address, up to all that it may have.
    for (const socket of flood) socket.destroy();
    for (let n = 0; n < 8; n += 1) {
      const peer = await RawPeer.connect(server.wsUrl, { headers: from("203.0.113.11"), test: t });
      await peer.join(`555666100${n}`, { protocol: 2 });
    }
    assert.equal((await fetchUpgrade(server.url, "203.0.113.11")).status, 429);
    assert.deepEqual(server.faults(), []);
  });
});

describe("upgrades that are refused", () => {
  test("count for their address before anybody looks at what they ask for, and give their places back", async (t) => {
    const env = { ECHOO_TRUST_PROXY: "loopback", ECHOO_SOCKETS_PER_ADDRESS: "8" };
    const server = await spawnServer({ env, test: t });
    const origin = { Origin: "https://evil.example" };
    // Three times as many a minute as may be open; none of them stays open.
    for (let n = 0; n < 24; n += 1) {
      assert.equal((await fetchUpgrade(server.url, "203.0.113.9", origin)).status, 403);
    }
    assert.equal((await fetchUpgrade(server.url, "203.0.113.9", origin)).status, 429);
    assert.equal((await fetchUpgrade(server.url, "203.0.113.10")).status, 101);
  });
});

/** The answer to an upgrade that is not taken. */
function fetchUpgrade(url: string, address: string, more: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number | undefined; retryAfter: string | undefined }>((resolve, reject) => {
    const headers = {
      ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
      ...{ "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "X-Forwarded-For": address },
      ...more,
    };
    const upgrade = request(url, { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, retryAfter: response.headers["retry-after"] });
    });
    upgrade.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, retryAfter: undefined });
    });
    upgrade.on("error", reject);
    upgrade.end();
  });
}
