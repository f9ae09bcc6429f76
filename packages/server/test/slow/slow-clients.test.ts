import assert from "node:assert/strict";
import { test } from "node:test";
import { RawSocket, spawnServer } from "@echoo/testkit";
import { webServerLimits } from "../../src/web-server.ts";
import { talk } from "../ws/talk.ts";

test("clients that drip their requests are cut in time, and others call each other meanwhile", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  const begun = performance.now();
  const slow = await Promise.all(Array.from({ length: 500 }, () => RawSocket.connect(server.url, t)));
  for (const [i, socket] of slow.entries())
    socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nX-A: b".slice(0, 1 + (i % 30)));
  for (let call = 0; call < 5; call += 1) await talk(server);
  // A byte now and then, as whoever means it would send.
  for (const socket of slow) socket.write("x");
  for (const socket of slow) await socket.closed(webServerLimits.headersMs + 5_000);
  assert.ok(performance.now() - begun > webServerLimits.headersMs / 2, "they were cut for another reason");
  await talk(server);
  assert.deepEqual(server.faults(), []);
});
