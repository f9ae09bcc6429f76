import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { errorTable } from "@echoo/protocol";
import { ask, startRest } from "./rest-server.ts";

const env = { ECHOO_ORIGINS: "https://app.example.com" };

test("a page learns whether its socket would be taken, and why not, whoever's page it is", async (t) => {
  const server = await startRest(t, { env });
  for (const [origin, status, code] of [
    ["https://app.example.com", 200, undefined],
    ["https://elsewhere.example.com", 403, "origin_refused"],
    ["null", 403, "origin_refused"],
  ] as const) {
    // As the browser of another page says it, and as one says it that sends no Origin to its own host.
    for (const reply of [
      await ask(server, "GET /api/socket", { headers: { origin } }),
      await ask(server, `GET /api/socket?origin=${encodeURIComponent(origin)}`),
    ]) {
      assert.deepEqual([reply.status, reply.body.code], [status, code], origin);
    }
  }
  const { body } = await ask(server, "GET /api/socket?origin=https://elsewhere.example.com");
  // For its user; what its developer can ask the operator for stands in the reference of errors.
  assert.equal(body.error, errorTable.origin_refused.sentence);
  assert.match(errorTable.origin_refused.operator, /ECHOO_ORIGINS/);
});

test("a page of another origin may read that answer, and no other of a server that does not know it", async (t) => {
  const server = await startRest(t, { env });
  const headers = { origin: "https://elsewhere.example.com" };
  const allowed = async (line: string) =>
    (await ask(server, line, { headers })).headers.get("access-control-allow-origin");
  assert.equal(await allowed("GET /api/socket"), "*");
  assert.equal(await allowed("GET /api/health"), null);
  // `fetch` does not let its caller choose the host.
  const foreign = request({
    port: server.port,
    path: "/api/socket",
    headers: { ...headers, host: "away.example.org" },
  });
  const [response] = (await once(foreign.end(), "response")) as [IncomingMessage];
  assert.deepEqual([response.statusCode, response.headers["access-control-allow-origin"]], [421, "*"]);
  response.resume();
});
