import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { errorBody, isProbe, type RestRow, restContract } from "@echoo/protocol";
import { docsRouter } from "../../src/docs/docs-routes.ts";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const rows: readonly RestRow[] = Object.values(restContract);
const routers = [{ path: "/", router: docsRouter({ version: "0.0.0-test" }) }];

/** As a browser asks that took this server for another site. Fetch would not let the Host be set. */
async function askFor(
  { port }: RestServer,
  host: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
) {
  const sent = request({ port, host: "127.0.0.1", method, path, headers: { ...headers, host } });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of response) text += piece;
  return { status: response.statusCode ?? 0, text };
}

test("a request for another host is refused, whatever it is for, but for the two probes", async (t) => {
  const server = await startRest(t, { routers });
  const token = await signUp(server, ann);
  const pages = ["/", "/docs/messages", "/docs/assets/docs.css", "/assets/x.js", "/nowhere"];
  const asked = [
    ...rows.map(({ method, path }) => [method, path.replace(/:\w+/g, ann)] as const),
    ...pages.map((path) => ["GET", path] as const),
    ["OPTIONS", "/api/calls"] as const,
  ];
  for (const [method, path] of asked) {
    for (const authorization of [undefined, `Bearer ${token}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      const { status, text } = await askFor(server, `evil.example:${server.port}`, method, path, headers);
      if (isProbe({ path })) {
        assert.equal(status, 200, path);
        continue;
      }
      assert.equal(status, 421, `${method} ${path}`);
      assert.equal(errorBody.strict().parse(JSON.parse(text)).code, "unknown_host");
    }
  }
});

test("a request for another host ends no open access, whatever headers it has, and vouches for no user", async (t) => {
  const server = await startRest(t, { env: { ECHOO_LEGACY_JOIN: "verified-address" } });
  for (const path of ["/api/turn", "/livez", "/nowhere"]) {
    await askFor(server, "evil.example", "GET", path, { "x-forwarded-for": "203.0.113.9", via: "1.1 evil" });
  }
  assert.equal((await ask(server, "GET /api/turn")).status, 200);
  assert.ok(!server.lines.some((line) => line.includes("a proxy on this machine was seen")));
  // The same header under a name of this server's is a proxy's.
  await askFor(server, "localhost", "GET", "/livez", { "x-forwarded-for": "203.0.113.9" });
  assert.equal((await ask(server, "GET /api/turn")).status, 401);
});

test("metrics and health are told to no page of another name that resolves here", async (t) => {
  const server = await startRest(t);
  assert.equal((await askFor(server, "localhost", "GET", "/metrics")).status, 200);
  const refused = await askFor(server, "evil.example", "GET", "/metrics");
  assert.equal(refused.status, 421);
  assert.doesNotMatch(refused.text, /echoo_/);
});

test("in production without a name of its own the server answers to any, and with one to that alone", async (t) => {
  const env = { NODE_ENV: "production" };
  const plain = await startRest(t, { env });
  assert.equal((await askFor(plain, "calls.example.com", "GET", "/api/health")).status, 200);
  const named = await startRest(t, { env: { ...env, ECHOO_PUBLIC_URL: "https://calls.example.com" } });
  assert.equal((await askFor(named, "calls.example.com", "GET", "/api/health")).status, 200);
  assert.equal((await askFor(named, "backend:3000", "GET", "/api/health")).status, 421);
});
