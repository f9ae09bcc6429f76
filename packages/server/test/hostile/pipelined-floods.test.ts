import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setInterval } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import { type ServerProcess, spawnServer } from "@echoo/testkit";
import { describeTimes, residentMib, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

/*
 * Requests that do not wait for the answers before them. None of them needs a token, and no limit by address counts them.
 * Unread, 50,000 of them would hold the server up for a minute and take a gigabyte.
 */

/** What the server may grow by, whatever is sent: a few turns' worth of garbage, and the JIT's code. */
const grownMibMax = 200;
const requestsAtOnce = 50_000;

async function flooder(t: TestContext, url: string): Promise<Socket> {
  const { hostname: host, port, protocol } = new URL(url);
  const to = { host, port: Number(port) };
  const isSecure = protocol === "https:";
  const socket = isSecure ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to);
  t.after(() => socket.destroy());
  // The server may cut it, and its answers mean nothing.
  socket.on("error", () => {}).resume();
  await once(socket, isSecure ? "secureConnect" : "connect");
  return socket;
}

const plain = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const kinds: Readonly<Record<string, string>> = {
  "a probe": plain("/livez"),
  health: plain("/api/health"),
  "a document of 250 KiB": plain("/openapi.json"),
  "a page": plain("/docs"),
  "the phone": plain("/"),
  "a file": plain("/docs/assets/docs.css"),
  metrics: plain("/metrics"),
  "an unknown path": plain("/unknown"),
  "what open access covers": plain("/api/turn"),
  "what needs a token": plain("/api/auth/sessions"),
  "HTTP/2 instead": `GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
  "what Node refuses by itself": `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: x\r\n\r\n`,
  "what is refused without a Host": `GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n`,
};

test("50,000 requests at once on one connection hold up no other user, whatever they are for", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  for (const [what, request] of Object.entries(kinds)) {
    const socket = await flooder(t, server.url);
    socket.write(request.repeat(requestsAtOnce));
    t.diagnostic(`50,000 requests for ${what}: ${describeTimes(await setUpTimes(server, Promise.resolve()))}`);
    socket.destroy();
  }
  await assertFlat(t, server, beforeMib);
});

test("the same over HTTPS", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn", ECHOO_DEV_HTTPS_PORT: "0" }, test: t });
  const [, port] = await server.said(/https:\/\/127\.0\.0\.1:(\d+)/);
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const socket = await flooder(t, `https://127.0.0.1:${port}`);
  socket.write(plain("/livez").repeat(requestsAtOnce));
  t.diagnostic(`50,000 requests over HTTPS: ${describeTimes(await setUpTimes(server, Promise.resolve()))}`);
  await assertFlat(t, server, beforeMib);
});

/** Five megabytes a second on each connection, as far as the server takes them. */
async function stream(sockets: readonly Socket[], request: string, lastsMs: number): Promise<number> {
  const everyMs = 50;
  const piece = request.repeat(Math.ceil((5_000_000 * everyMs) / 1000 / request.length));
  let [taken, tick] = [0, 0];
  for await (const _ of setInterval(everyMs)) {
    for (const socket of sockets.filter(({ writableNeedDrain }) => !writableNeedDrain)) {
      taken += piece.length;
      socket.write(piece);
    }
    tick += 1;
    if (tick * everyMs >= lastsMs) return taken / 1024 / 1024;
  }
  return 0;
}

test("requests that are streamed for 20 s do not fill a heap of 512 MiB, answers unread or read", async (t) => {
  const env = { ECHOO_LOG_LEVEL: "warn", NODE_OPTIONS: "--max-old-space-size=512" };
  const server = await spawnServer({ env, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const [reading, deaf] = [await flooder(t, server.url), await flooder(t, server.url)];
  deaf.pause();
  const floods = Promise.all([
    stream([reading], plain("/livez"), 20_000),
    stream([deaf], plain("/openapi.json"), 20_000),
  ]);
  t.diagnostic(`streamed requests: ${describeTimes(await setUpTimes(server, floods))}`);
  const [readMib, deafMib] = await floods;
  t.diagnostic(`taken of the reader ${readMib.toFixed(0)} MiB, of the one who reads nothing ${deafMib.toFixed(0)} MiB`);
  await assertFlat(t, server, beforeMib);
});

async function assertFlat(t: TestContext, server: ServerProcess, beforeMib: number): Promise<void> {
  const grownMib = (await residentMib(server)) - beforeMib;
  t.diagnostic(`the server grew by ${grownMib.toFixed(0)} MiB`);
  assert.ok(grownMib < grownMibMax, `the server grew by ${grownMib} MiB`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
}
