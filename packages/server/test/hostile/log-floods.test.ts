import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { logBounds } from "../../src/observability/log-quota.ts";
import { describeTimes, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

/** Each line that somebody without a token can cause, and one time to cause it. */
type Cause = (server: ServerProcess, n: number) => Promise<unknown>;

const upgrade = async (server: ServerProcess, headers: Record<string, string>, expected: number) => {
  const raw = await RawSocket.connect(server.url);
  assert.equal(await raw.upgrade("/", headers), expected);
  raw.destroy();
};

const causes: Readonly<Record<string, Cause>> = {
  "a page of another origin was refused; see ECHOO_ORIGINS": (server, n) =>
    upgrade(server, { Origin: `https://evil-${n}.example` }, 403),
  "an upgrade for another host was refused; see ECHOO_HOSTS": (server, n) =>
    upgrade(server, { Host: `evil-${n}.example` }, 421),
  "a request for another host was refused; see ECHOO_HOSTS": async ({ port }, n) => {
    const asked = request({
      host: "127.0.0.1",
      port,
      path: "/api/health",
      headers: { host: `evil-${n}.example` },
    }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 421);
  },
  "join refused": async (server, n) => {
    const peer = await RawPeer.connect(server.wsUrl);
    peer.send({ type: "join", userId: `666${String(n).padStart(7, "0")}`, token: "wrong", protocol: 2 });
    assert.equal((await peer.next("error")).code, "unauthorized");
    peer.terminate();
  },
  "the code gateway (ECHOO_OTP_WEBHOOK_URL) did not take a code": async ({ url }, n) => {
    const headers = { "content-type": "application/json" };
    // A page of another origin is not covered by open access, so a code is sent first; nobody takes it.
    const more = { ...headers, "sec-fetch-site": "cross-site" };
    const body = JSON.stringify({ phone: `667${String(n).padStart(7, "0")}` });
    const { status } = await fetch(`${url}/api/auth/register`, { method: "POST", headers: more, body });
    assert.ok(status === 503 || status === 429, `status ${status}`);
  },
};

const times = 200;

test("no line of the log that a stranger can cause is written without bound, and none goes uncounted", async (t) => {
  const env = {
    ECHOO_PROOF: "webhook",
    ECHOO_OTP_WEBHOOK_URL: "http://127.0.0.1:9/codes",
    ECHOO_OTP_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, "x").toString("base64")}`,
  };
  const server = await spawnServer({ env, test: t });
  await witnessCall(server);
  for (const [message, cause] of Object.entries(causes)) {
    const flood = Promise.all(
      Array.from({ length: 4 }, async (_, part) => {
        for (let n = part; n < times; n += 4) await cause(server, n);
      }),
    );
    t.diagnostic(`${times} × ${message}: ${describeTimes(await setUpTimes(server, flood, 10))}`);
  }
  await witnessCall(server);
  await server.kill("SIGTERM");
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const parsed = lines.map((line) => JSON.parse(line) as { msg: string; of?: string; leftOut?: number });
  for (const message of Object.keys(causes)) {
    const written = parsed.filter(({ msg }) => msg === message).length;
    const sums = parsed.filter(({ of }) => of === message);
    const leftOut = sums.reduce((sum, { leftOut: more = 0 }) => sum + more, 0);
    // As many windows as there are sums, and one more.
    assert.ok(written <= logBounds.linesOfAKind * (sums.length + 1), `${written} lines: ${message}`);
    assert.ok(leftOut > 0, `nothing was left out: ${message}`);
    if (!message.includes("gateway")) assert.equal(written + leftOut, times, message);
  }
  assert.deepEqual(server.faults(), []);
});
