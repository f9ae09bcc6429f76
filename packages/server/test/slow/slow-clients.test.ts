import assert from "node:assert/strict";
import { test } from "node:test";
import { RawSocket, spawnServer } from "@echoo/testkit";
import { webServerLimits } from "../../src/web/web-server.ts";
import { describeTimes, setUpTimes } from "../hostile/set-up-times.ts";
import { talk } from "../ws/talk.ts";

/** The beginnings of requests that never end: of a header's line, of an upgrade, and of a body. */
const drips = {
  headers: "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-A: b",
  upgrades:
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-W",
  bodies:
    "POST /api/auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
};

test("clients that drip their requests are cut in time, and others call each other meanwhile", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await talk(server);
  const begunMs = performance.now();
  const open = async (text: string) => {
    const sockets = await Promise.all(Array.from({ length: 250 }, () => RawSocket.connect(server.url, t)));
    for (const [i, socket] of sockets.entries()) socket.write(text.slice(0, Math.max(1, text.length - (i % 30))));
    return sockets;
  };
  const [headers, upgrades] = [await open(drips.headers), await open(drips.upgrades)];
  const bodies = await Promise.all(Array.from({ length: 250 }, () => RawSocket.connect(server.url, t)));
  for (const socket of bodies) socket.write(drips.bodies);
  // A byte now and then, as whoever means it would send.
  for (const socket of [...headers, ...upgrades, ...bodies]) socket.write("x");
  const ended = async () => {
    for (const socket of [...headers, ...upgrades]) await socket.closed(webServerLimits.headersMs * 3);
    assert.ok(performance.now() - begunMs > webServerLimits.headersMs / 2, "they were cut for another reason");
    for (const socket of bodies) await socket.closed(webServerLimits.requestMs * 3);
    assert.ok(performance.now() - begunMs > webServerLimits.requestMs / 2, "they were cut for another reason");
  };
  t.diagnostic(`750 requests that never end: ${describeTimes(await setUpTimes(server, ended()))}`);
  assert.deepEqual(server.faults(), []);
});
