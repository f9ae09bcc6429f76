import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { EchooRest } from "@echoo/client";
import { restContract } from "@echoo/protocol";
import { restRoutes } from "../src/rest/rest-routes.ts";

interface Seen {
  readonly line: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

describe("the REST client", () => {
  const seen: Seen[] = [];
  let reply: { status: number; type: string; body: string; headers?: Record<string, string> };
  let baseUrl = "";

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method, url, headers } = request;
      seen.push({
        line: `${method} ${url}`,
        type: headers["content-type"],
        authorization: headers.authorization,
        body,
      });
      response.writeHead(reply.status, { "content-type": reply.type, ...reply.headers }).end(reply.body);
    });
  });

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("has a method for every endpoint of the contract but administrators' and the older app's, with its method and path", () => {
    const rows = Object.values(restContract).filter(({ tag, auth }) => tag !== "Android app" && auth !== "admin");
    const routes = rows.map(({ operationId, method, path }) => [operationId, `${method} ${path}`]);
    assert.deepEqual(restRoutes, Object.fromEntries(routes));
  });

  it("fills in the path, the query and the body, and sends the token", async () => {
    reply = { status: 200, type: "application/json; charset=utf-8", body: '{"calls":[],"unseenMissed":0}' };
    const rest = new EchooRest({ baseUrl, token: "secret" });
    const page = await rest.listCalls({ params: { phone: "+49 1/2" }, query: { limit: 20, direction: "incoming" } });
    assert.deepEqual(page, { calls: [], unseenMissed: 0 });
    assert.deepEqual(seen.at(-1), {
      line: "GET /api/calls/%2B49%201%2F2?limit=20&direction=incoming",
      type: undefined,
      authorization: "Bearer secret",
      body: "",
    });
    await rest.putContact({ params: { phone: "ann", contact: "bob" }, body: { name: "Bob" } });
    assert.deepEqual(seen.at(-1), {
      line: "PUT /api/users/ann/contacts/bob",
      type: "application/json",
      authorization: "Bearer secret",
      body: '{"name":"Bob"}',
    });
  });

  it("names the type of a body also where it sends none, as the server wants for changes", async () => {
    reply = { status: 200, type: "application/json", body: '{"success":true}' };
    const rest = new EchooRest({ baseUrl });
    rest.token = "later";
    await rest.logout();
    assert.deepEqual(seen.at(-1), {
      line: "POST /api/auth/logout",
      type: "application/json",
      authorization: "Bearer later",
      body: "",
    });
  });

  it("gives text where the endpoint does", async () => {
    reply = { status: 200, type: "text/plain; version=0.0.4", body: "up 1\n" };
    assert.equal(await new EchooRest({ baseUrl }).getMetrics(), "up 1\n");
  });

  it("rejects with the server's code and sentence, and when to come back", async () => {
    const body = JSON.stringify({ error: "Slow down.", code: "rate_limited", requestId: "r" });
    reply = { status: 429, type: "application/json", body, headers: { "retry-after": "7" } };
    await assert.rejects(new EchooRest({ baseUrl }).getHealth(), {
      name: "EchooError",
      code: "rate_limited",
      message: "Slow down.",
      retryInMs: 7000,
    });
  });

  it("rejects with a code of its own where a proxy answered, or nobody did", async () => {
    reply = { status: 502, type: "text/html", body: "<h1>Bad gateway</h1>" };
    await assert.rejects(new EchooRest({ baseUrl }).getHealth(), { code: "http" });
    await assert.rejects(new EchooRest({ baseUrl: "http://127.0.0.1:1" }).getHealth(), { code: "offline" });
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
