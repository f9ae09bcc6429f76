import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type RestRow, restContract } from "@echoo/protocol";
import { docsRouter } from "../../src/docs/docs-routes.ts";
import { type RestServer, signUp, startRest } from "./rest-server.ts";

const phone = "5550001";
const values: Readonly<Record<string, string>> = { phone, contact: "5550002", other: "5550003" };

/** The whole of REST and every kind of page and file, each with what may come of it: done, refused, not there. */
async function everyAnswer(t: TestContext, env: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "echoo-headers-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "assets"));
  writeFileSync(join(dir, "index.html"), "<!doctype html><title>the phone</title>");
  writeFileSync(join(dir, "assets", "index-abc123.js"), "export {};");
  const server = await startRest(t, {
    env,
    phoneDir: dir,
    routers: [{ path: "/", router: docsRouter({ version: "0.0.0-test" }) }],
  });
  return { server, answers: await answersOf(server) };
}

async function answersOf(server: RestServer) {
  const token = await signUp(server, phone);
  const rows: readonly RestRow[] = Object.values(restContract);
  // Those that end the token or the account come last.
  const ends = /^(logout|deleteUser|revokeAllTokens?)$/;
  const inOrder = [...rows].sort((a, b) => Number(ends.test(a.operationId)) - Number(ends.test(b.operationId)));
  const pages = ["/", "/assets/index-abc123.js", "/docs/messages", "/docs/assets/docs.css", "/nowhere", "/assets/none"];
  const asked = [
    ...inOrder.map(({ method, path }) => [method, path.replace(/:(\w+)/g, (_, name) => values[name] ?? "x")] as const),
    ...pages.map((path) => ["GET", path] as const),
    ["PATCH", "/api/health"] as const,
    ["OPTIONS", "/api/health"] as const,
  ];
  const answers: { readonly name: string; readonly headers: Headers }[] = [];
  for (const [method, path] of asked) {
    for (const authorization of ["Bearer nonsense", undefined, `Bearer ${token}`]) {
      const body = method === "POST" || method === "PUT" ? { body: JSON.stringify({ phone, displayName: "Ann" }) } : {};
      const response = await fetch(server.url + path, {
        method,
        headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
        redirect: "manual",
        ...body,
      });
      await response.arrayBuffer();
      answers.push({ name: `${method} ${path} ${response.status}`, headers: response.headers });
    }
  }
  return answers;
}

test("no answer of any route sets a cookie, and each carries the headers that keep pages and data apart", async (t) => {
  const { answers } = await everyAnswer(t);
  const statuses = new Set(answers.map(({ name }) => name.slice(-3)));
  for (const status of ["200", "400", "401", "404", "405"])
    assert.ok(statuses.has(status), `nothing answered ${status}`);
  assert.ok(answers.length > Object.keys(restContract).length * 3);
  for (const { name, headers } of answers) {
    assert.match(headers.get("content-type") ?? "", /^[\w/+-]+;.*charset=utf-8$/, name);
    assert.equal(headers.get("set-cookie"), null, name);
    assert.equal(headers.get("x-content-type-options"), "nosniff", name);
    assert.equal(headers.get("referrer-policy"), "no-referrer", name);
    assert.equal(headers.get("x-powered-by"), null, name);
    assert.equal(headers.get("strict-transport-security"), null, name);
    assert.match(headers.get("permissions-policy") ?? "", /camera=\(self\), microphone=\(self\)/, name);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /(^|;)default-src 'self'(;|$)/, name);
    assert.match(policy, /(^|;)script-src 'self';/, name);
    assert.match(policy, /(^|;)style-src 'self';/, name);
    assert.match(policy, /(^|;)frame-ancestors 'none'(;|$)/, name);
    assert.match(policy, /(^|;)object-src 'none';/, name);
    assert.match(policy, /(^|;)base-uri 'none';/, name);
    assert.doesNotMatch(policy, /unsafe|\*|https?:|upgrade-insecure/, name);
  }
});

test("a page may open sockets to the host that it came from, and to no other", async (t) => {
  const server = await startRest(t, { env: { ECHOO_HOSTS: "echoo.home" } });
  // Fetch does not let a Host be set.
  const connectSources = async (host: string) => {
    return new Promise<string | undefined>((resolve, reject) => {
      const sent = request(server.url, { headers: { host } }, (response) => {
        response.resume();
        resolve(/connect-src ([^;]*)/.exec(String(response.headers["content-security-policy"]))?.[1]);
      });
      sent.on("error", reject).end();
    });
  };
  assert.equal(await connectSources("echoo.home:3000"), "'self' ws://echoo.home:3000 wss://echoo.home:3000");
  assert.equal(await connectSources("[fd00::5]:3000"), "'self' ws://[fd00::5]:3000 wss://[fd00::5]:3000");
  for (const odd of ["evil.example; script-src *", "a b", "*", "evil.example,other"]) {
    assert.equal(await connectSources(odd), "'self' 'self'", odd);
  }
});

for (const [what, env, isSecure] of [
  ["with a public https address", { ECHOO_PUBLIC_URL: "https://calls.example.com" }, true],
  ["with a certificate", { TLS_CERT: "cert.pem", TLS_KEY: "key.pem" }, true],
  ["with a public http address", { ECHOO_PUBLIC_URL: "http://calls.home" }, false],
  ["in development", {}, false],
] as const) {
  test(`browsers are ${isSecure ? "" : "not "}told to stay on HTTPS ${what}`, async (t) => {
    const server = await startRest(t, { env });
    const { headers } = await fetch(server.url);
    const aYear = "max-age=31536000; includeSubDomains";
    assert.equal(headers.get("strict-transport-security"), isSecure ? aYear : null);
    assert.equal(/upgrade-insecure/.test(headers.get("content-security-policy") ?? ""), isSecure);
  });
}
