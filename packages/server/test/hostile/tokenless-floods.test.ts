import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { type TestContext, test } from "node:test";
import { setInterval } from "node:timers/promises";
import { type RestRow, restContract } from "@echoo/protocol";
import { encodeFrame, opcodes, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { describeTimes, residentMib, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

/*
 * What somebody without a token may make the server read. 240 KB of brackets in each other took a parser, the collector
 * of garbage and whatever walks objects half a second of everybody's time.
 */

const connections = 32;
const lastsMs = 8_000;
/** Fewer than an address may send in a minute: the witnesses come from the same one, and ask for their histories. */
const bodiesMax = 5_000;
const nested = Buffer.from("[".repeat(120_000) + "]".repeat(120_000));
const rows: readonly RestRow[] = Object.values(restContract);
const takesTokenless = rows.filter(({ body, auth }) => body !== undefined && auth !== "token" && auth !== "admin");

function post({ port }: ServerProcess, agent: Agent, row: RestRow, hasLength: boolean): Promise<number> {
  const path = row.path.replace(/:\w+/g, "5551234567");
  const headers = {
    "content-type": "application/json",
    ...(hasLength ? { "content-length": nested.length } : { "transfer-encoding": "chunked" }),
  };
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, method: row.method, headers, agent }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    // The server may cut a client that goes on sending what it was told is too much.
    sent.once("error", () => resolve(0));
    sent.end(nested);
  });
}

async function postWithoutEnd(server: ServerProcess): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const until = performance.now() + lastsMs;
  let posted = 0;
  const clients = Array.from({ length: connections }, async (_, n) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let round = n; performance.now() < until && posted < bodiesMax; round += 1) {
      posted += 1;
      const row = takesTokenless[round % takesTokenless.length];
      assert.ok(row !== undefined);
      const status = await post(server, agent, row, round % 2 === 0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    agent.destroy();
  });
  await Promise.all(clients);
  return statuses;
}

test("large and deep bodies without a token hold up no other user, wherever one may be sent", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const flood = postWithoutEnd(server);
  t.diagnostic(`${connections} connections with 240 KB of brackets: ${describeTimes(await setUpTimes(server, flood))}`);
  const statuses = await flood;
  t.diagnostic(`answers: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(", ")}`);
  assert.ok((statuses.get(413) ?? 0) > connections);
  for (const status of statuses.keys()) assert.ok([0, 413, 429].includes(status), `status ${status}`);
  await assertWell(t, server, beforeMib);
});

test("large and deep frames before a join hold up no other user", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const frame = encodeFrame({ opcode: opcodes.text, payload: nested.subarray(0, 64 * 1024) });
  let sent = 0;
  const flood = async () => {
    let sockets: RawSocket[] = [];
    const until = performance.now() + lastsMs;
    // Who has used up what one socket may send comes with a new one.
    for await (const _ of setInterval(50)) {
      if (performance.now() > until) break;
      for (const socket of sockets) socket.destroy();
      sockets = await Promise.all(Array.from({ length: 8 }, () => RawSocket.connect(server.url, t)));
      await Promise.all(sockets.map((socket) => socket.upgrade()));
      for (const socket of sockets) for (let n = 0; n < 50; n += 1) socket.write(frame);
      sent += sockets.length * 50;
    }
  };
  t.diagnostic(`64 KiB of brackets before a join: ${describeTimes(await setUpTimes(server, flood()))}`);
  t.diagnostic(`${sent} frames were sent`);
  await assertWell(t, server, beforeMib);
});

async function assertWell(t: TestContext, server: ServerProcess, beforeMib: number): Promise<void> {
  const grownMib = (await residentMib(server)) - beforeMib;
  t.diagnostic(`the server grew by ${grownMib.toFixed(0)} MiB`);
  assert.ok(grownMib < 200, `the server grew by ${grownMib} MiB`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
}
