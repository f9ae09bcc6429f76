import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { StoreUnavailable } from "@echoo/core";
import { limits, type RestRow, restContract } from "@echoo/protocol";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const register = "POST /api/auth/register";
const rows: readonly RestRow[] = Object.values(restContract);

/** One request over a bare socket, for what fetch would not send. */
async function raw(server: RestServer, text: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.end(text.replaceAll("\n", "\r\n"));
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  return answer;
}

test("what carries a body must be JSON, or changes something without a token: else 415 that names the header", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const send = (request: string, type: string, extra = {}) =>
    ask(server, request, { headers: { "content-type": type }, ...extra });
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonx",
    "",
  ]) {
    const reply = await send(register, type, { body: { phone: ann } });
    assert.deepEqual([reply.status, reply.body.code], [415, "unsupported_media_type"], type);
    assert.match(reply.body.error, /Content-Type/);
  }
  assert.equal((await send("POST /api/calls", "text/plain")).status, 415);
  assert.equal((await send(`DELETE /api/users/${ann}`, "text/plain")).status, 401);
  assert.equal((await send(`PUT /api/users/${ann}/blocks/5550002`, "text/plain", { token, body: "x" })).status, 415);
  assert.equal((await send("POST /api/auth/logout", "text/plain", { token })).status, 200);
  assert.equal((await send(register, "application/json; charset=utf-8", { body: { phone: ann } })).status, 200);
  assert.equal((await send(register, "Application/JSON", { body: { phone: ann } })).status, 200);
});

for (const [name, body] of [
  ["broken JSON", '{"phone": '],
  ["null", "null"],
  ["an array", "[]"],
  ["a string", '"5550001"'],
  ["nothing", ""],
  ["an operator of a database", '{"phone": {"$ne": null}}'],
  ["a prototype", '{"__proto__": {"phone": "5550001"}}'],
  ["more levels than anything has", `${'{"phone":'.repeat(33)}1${"}".repeat(33)}`],
  ["an endless number", '{"phone": 1e999}'],
] as const) {
  test(`a body of ${name} is 400`, async (t) => {
    const reply = await ask(await startRest(t), register, { body });
    assert.deepEqual([reply.status, reply.body.code], [400, "invalid"]);
  });
}

test("bodies beyond their limit are 413, one of the limit itself is read", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  server.live.parties.set("c1", { caller: ann, callee: "5550002" });
  const padded = (size: number, value: object) => {
    const text = JSON.stringify({ ...value, pad: "" });
    return text.replace('"pad":""', `"pad":"${"x".repeat(size - text.length)}"`);
  };
  const status = async (path: string, size: number, value: object) =>
    (await ask(server, path, { token, body: padded(size, value) })).status;
  assert.equal(await status(register, limits.restBodyBytes, { phone: ann }), 200);
  assert.equal(await status(register, limits.restBodyBytes + 1, { phone: ann }), 413);
  const samples = { samples: [{ t: 1 }] };
  assert.equal(await status("POST /api/stats/calls/c1", limits.restStatsBodyBytes, samples), 200);
  assert.equal(await status("POST /api/stats/calls/c1", limits.restStatsBodyBytes + 1, samples), 413);
});

test("a compressed body is refused, with a token as without, and so is text that is not UTF-8", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const send = async (body: Uint8Array<ArrayBuffer>, encoding: string, type = "application/json") => {
    const statuses = await Promise.all(
      [{}, { authorization: `Bearer ${token}` }].map(async (auth) => {
        const headers = { "content-type": type, "content-encoding": encoding, ...auth };
        return (await fetch(`${server.url}/api/auth/register`, { method: "POST", headers, body })).status;
      }),
    );
    return statuses;
  };
  const text = JSON.stringify({ phone: ann });
  assert.deepEqual(await send(gzipSync(text), "gzip"), [415, 415]);
  assert.deepEqual(await send(deflateSync(text), "deflate"), [415, 415]);
  assert.deepEqual(await send(brotliCompressSync(text), "br"), [415, 415]);
  assert.deepEqual(await send(Buffer.from("nonsense"), "rot13"), [415, 415]);
  assert.deepEqual(
    await send(Buffer.from(text, "utf16le"), "identity", "application/json; charset=utf-16le"),
    [415, 415],
  );
  assert.deepEqual(await send(Buffer.from(text), "identity", 'application/json; charset="UTF-8"'), [200, 200]);
});

/** Every endpoint that takes a body of somebody without a token, with what open access covers. */
const takesTokenless = rows.filter(({ body, auth }) => body !== undefined && auth !== "token" && auth !== "admin");

/** What comes back to a body that is sent without a length and without an end, and that the connection ends. */
async function answerToEndless({ port }: RestServer, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    answer += chunk;
  });
  // The server resets it.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(
    `${request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const piece = `400\r\n${" ".repeat(0x400)}\r\n`;
  const send = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", send);
  send();
  await closed;
  return answer;
}

test("without a token a body of a few KiB is read and one byte more is refused, unread, wherever one is taken", async (t) => {
  assert.ok(takesTokenless.length >= 6, "the contract has no such endpoints any more");
  for (const row of takesTokenless) {
    const server = await startRest(t);
    const token = await signUp(server, ann);
    const path = `${row.method} ${row.path.replace(/:\w+/g, ann)}`;
    const padded = (bytes: number) => JSON.stringify({ phone: ann, pad: "x".repeat(bytes - 28) });
    assert.equal(padded(1_000).length, 1_000);
    assert.notEqual((await ask(server, path, { body: padded(limits.tokenlessBodyBytes) })).status, 413, path);
    const refused = await ask(server, path, { body: padded(limits.tokenlessBodyBytes + 1) });
    assert.deepEqual([refused.status, refused.body.code], [413, "payload_too_large"], path);
    assert.match(await answerToEndless(server, path), /^HTTP\/1\.1 413 /, path);
    assert.notEqual(
      (await ask(server, path, { token, body: padded(limits.tokenlessBodyBytes + 1) })).status,
      413,
      path,
    );
  }
});

test("a body has so many levels and not one more, with a token as without", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const nested = (levels: number) => `{"phone":"${ann}","x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  for (const who of [{}, { token }]) {
    assert.equal((await ask(server, register, { ...who, body: nested(limits.jsonLevels) })).status, 200);
    for (const levels of [limits.jsonLevels + 1, 3_000]) {
      const refused = await ask(server, register, { ...who, body: nested(levels) });
      assert.deepEqual([refused.status, refused.body.details[0].message], [400, "too many levels"]);
    }
  }
});

test("no body is read before its client may send one", async (t) => {
  const server = await startRest(t, { env: { ECHOO_OPEN_ACCESS: "off" } });
  const reply = await ask(server, "POST /api/calls", { body: "{broken" });
  assert.equal(reply.status, 401);
});

test("a known path with another method is 405 with those it takes, an unknown one 404, both as JSON", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (const [request, allowed] of [
    ["GET /api/auth/register", "POST"],
    ["PATCH /api/users/5550001", "GET, HEAD, PUT, DELETE"],
    ["DELETE /api/calls", "POST"],
    ["PUT /api/calls/5550001/c1", "GET, HEAD, DELETE"],
    ["OPTIONS /api/health", "GET, HEAD"],
  ] as const) {
    const reply = await ask(server, request, { token });
    assert.deepEqual([reply.status, reply.body.code, reply.headers.get("allow")], [405, "method_not_allowed", allowed]);
  }
  for (const request of ["GET /api/nothing", "POST /nothing", "GET /api"]) {
    const reply = await ask(server, request, { token });
    assert.deepEqual([reply.status, reply.body.code], [404, "not_found"], request);
  }
});

test("a request is not sent back to its client, as TRACE would have it", async (t) => {
  const server = await startRest(t);
  for (const [path, status] of [
    ["/api/health", 405],
    ["/", 404],
  ] as const) {
    const answer = await raw(server, `TRACE ${path} HTTP/1.1\nHost: localhost\nX-Own: canary\nConnection: close\n\n`);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), path);
    assert.doesNotMatch(answer, /canary/);
  }
});

test("every endpoint of the contract that needs a token is 401 without one, open access or not", async (t) => {
  const server = await startRest(t);
  for (const row of rows.filter(({ auth, path }) => auth === "token" && path.startsWith("/api/"))) {
    const path = row.path.replace(":contact", "5550002").replace(":other", "5550002").replace(/:\w+/g, ann);
    const reply = await ask(server, `${row.method} ${path}`);
    assert.deepEqual([reply.status, reply.body.code], [401, "unauthorized"], row.operationId);
  }
});

test("every endpoint under open access is 401 from elsewhere, and a wrong token is refused here too", async (t) => {
  const server = await startRest(t);
  const bodies: Record<string, object> = { updateUser: {}, saveCall: {} };
  const open = rows.filter(({ auth }) => auth === "open");
  const paths = open.map((row) => ({ row, path: row.path.replace(/:\w+/g, ann), body: bodies[row.operationId] }));
  for (const { row, path, body } of paths) {
    const extra = body === undefined ? {} : { body };
    const wrong = await ask(server, `${row.method} ${path}`, { token: "wrong", ...extra });
    assert.equal(wrong.status, 401, row.operationId);
    const basic = await ask(server, `${row.method} ${path}`, { headers: { authorization: "Basic eDp5" }, ...extra });
    assert.equal(basic.status, 401, row.operationId);
    const crossSite = await ask(server, `${row.method} ${path}`, {
      headers: { origin: "https://evil.example" },
      ...extra,
    });
    assert.equal(crossSite.status, 401, row.operationId);
    assert.match(crossSite.body.error, /another origin/);
  }
  assert.equal(open.length, 6);
});

test("a proxy's header from loopback ends open access until the restart, and is logged once", async (t) => {
  const server = await startRest(t);
  const health = "GET /api/turn";
  assert.equal((await ask(server, health)).status, 200);
  for (let n = 0; n < 2; n += 1) {
    assert.equal((await ask(server, health, { headers: { "x-forwarded-for": "203.0.113.9" } })).status, 401);
  }
  assert.equal((await ask(server, health)).status, 401);
  assert.equal(server.lines.filter((line) => line.includes("a proxy on this machine was seen")).length, 1);
});

test("HTTP/1.0 is not covered", async (t) => {
  const server = await startRest(t);
  assert.match(await raw(server, "GET /api/turn HTTP/1.0\nHost: localhost\n\n"), /^HTTP\/1\.1 401/);
  assert.match(await raw(server, "GET /api/turn HTTP/1.0\n\n"), /^HTTP\/1\.1 401/);
  assert.match(await raw(server, "GET /api/turn HTTP/1.1\nHost: localhost\nConnection: close\n\n"), /^HTTP\/1\.1 200/);
});

test("a store that is away is 503 with Retry-After, and a fault of ours 500 that tells nothing", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const page = t.mock.method(server.store.calls, "page", () => Promise.reject(new StoreUnavailable(new Error("gone"))));
  const away = await ask(server, `GET /api/calls/${ann}`, { token });
  assert.deepEqual([away.status, away.body.code], [503, "unavailable"]);
  assert.ok(Number(away.headers.get("retry-after")) >= 1);
  page.mock.mockImplementation(() => Promise.reject(new TypeError("undefined is not a function")));
  const fault = await ask(server, `GET /api/calls/${ann}`, { token });
  assert.deepEqual([fault.status, fault.body.code], [500, "internal"]);
  assert.ok(!JSON.stringify(fault.body).includes("undefined is not"));
  const line = server.lines.find((each) => each.includes(fault.body.requestId) && each.includes("undefined is not"));
  assert.ok(line);
  assert.equal(fault.headers.get("x-request-id"), fault.body.requestId);
});

test("too many requests of one user are 429 with Retry-After, another user's go on", async (t) => {
  const server = await startRest(t, { requestRates: { perAddress: 100, perUser: 3 } });
  const token = await signUp(server, ann);
  const other = await signUp(server, "5550002");
  const list = async (who: string) => ask(server, "GET /api/auth/sessions", { token: who });
  for (let n = 0; n < 3; n += 1) assert.equal((await list(token)).status, 200);
  const refused = await list(token);
  assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  assert.equal((await list(other)).status, 200);
});

test("too many requests from one address are 429 with Retry-After, but probes, health and metrics go on", async (t) => {
  const server = await startRest(t, { requestRates: { perAddress: 2, perUser: 100 } });
  const turn = () => ask(server, "GET /api/turn");
  assert.deepEqual([(await turn()).status, (await turn()).status], [200, 200]);
  const refused = await turn();
  assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  for (const probe of ["GET /livez", "GET /readyz", "GET /metrics", "GET /api/health", "GET /health"]) {
    for (let n = 0; n < 3; n += 1) assert.equal((await ask(server, probe)).status, 200, probe);
  }
});

test("behind a trusted proxy it is the client's address that is counted, and an IPv6 client's whole /64", async (t) => {
  const env = { ECHOO_TRUST_PROXY: "loopback" };
  const server = await startRest(t, { env, requestRates: { perAddress: 1, perUser: 100 } });
  const from = async (address: string) => {
    return (await ask(server, "GET /api/turn", { headers: { "x-forwarded-for": address } })).status;
  };
  assert.deepEqual([await from("203.0.113.9"), await from("203.0.113.9")], [401, 429]);
  // What a client claims before its own address counts for nothing.
  assert.equal(await from("198.51.100.1, 203.0.113.9"), 429);
  assert.equal(await from("203.0.113.10"), 401);
  assert.deepEqual([await from("2001:db8:1:2::1"), await from("2001:db8:1:2::2")], [401, 429]);
  assert.equal(await from("2001:db8:1:3::1"), 401);
});

test("those whom a trusted proxy does not tell apart have ten times as much together, and nobody else's", async (t) => {
  const env = { ECHOO_TRUST_PROXY: "loopback" };
  const server = await startRest(t, { env, requestRates: { perAddress: 2, perUser: 100 } });
  const from = async (address: string) => {
    return (await ask(server, "GET /api/turn", { headers: { "x-forwarded-for": address } })).status;
  };
  const hidden = ["unknown", "_hidden", "203.0.113.9,", "unknown:80"];
  for (let n = 0; n < 20; n += 1) assert.equal(await from(hidden[n % hidden.length] ?? ""), 401);
  assert.equal(await from("_another"), 429);
  assert.deepEqual(
    [await from("203.0.113.9:1"), await from("203.0.113.9:2"), await from("203.0.113.9")],
    [401, 401, 429],
  );
  assert.equal(await from("[2001:db8::1]:4711"), 401);
});

test("with ECHOO_RATE_LIMITS=off nobody is limited", async (t) => {
  const requestRates = { perAddress: 1, perUser: 1 };
  const server = await startRest(t, { env: { ECHOO_RATE_LIMITS: "off" }, requestRates });
  for (let n = 0; n < 5; n += 1) assert.equal((await ask(server, "GET /api/turn")).status, 200);
});

test("other pages may read answers only where ECHOO_ORIGINS names them", async (t) => {
  const origin = "https://app.example.com";
  const named = await startRest(t, { env: { ECHOO_ORIGINS: origin } });
  const preflight = await fetch(`${named.url}/api/calls`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
  });
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get("access-control-allow-origin"), origin);
  const allowed = (server: RestServer, from: string) =>
    fetch(`${server.url}/api/health`, { headers: { origin: from } }).then((r) =>
      r.headers.get("access-control-allow-origin"),
    );
  assert.equal(await allowed(named, origin), origin);
  assert.equal(await allowed(named, "https://evil.example"), null);
  assert.equal(await allowed(await startRest(t), origin), null);
});

test("answers are never cached, never 204 or 304, and carry the headers that protect pages", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const reply = await ask(server, "GET /api/auth/sessions", { token, headers: { "if-none-match": "*" } });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.equal(reply.headers.get("etag"), null);
  assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
  assert.equal(reply.headers.get("x-powered-by"), null);
  assert.equal(reply.headers.get("strict-transport-security"), null);
});
