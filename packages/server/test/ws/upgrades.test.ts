import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { after, before, describe, test } from "node:test";
import { RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask } from "../e2e/ask.ts";
import { somebody } from "./talk.ts";

const allowed = "https://app.example.com";

describe("an upgrade", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_ORIGINS: allowed } });
  });
  after(() => server.stop());

  for (const [path, status] of [
    ["/", 101],
    ["/ws", 101],
    ["/?a=1", 101],
    ["/ws?token=x", 101],
    ["/wss", 404],
    ["/ws/", 404],
    ["/WS", 404],
    ["/api/health", 404],
    ["//ws", 404],
  ] as const) {
    test(`of ${path} is answered ${status}`, async (t) => {
      const raw = await RawSocket.connect(server.url, t);
      assert.equal(await raw.upgrade(path), status);
      if (status !== 101) await raw.closed(2_000);
    });
  }

  const origins = (host: string, port: number): readonly (readonly [string, number])[] => [
    [`http://${host}`, 101],
    [allowed, 101],
    ["null", 403],
    ["", 403],
    [`http://127.0.0.1:${port + 1}`, 403],
    ["http://127.0.0.1", 403],
    [`http://${host}.example.com`, 403],
    [`http://example.com/${host}`, 403],
    [`ftp://${host}`, 403],
    [`http://${host}/`, 403],
    [`${allowed}.evil.example`, 403],
    ["http://app.example.com", 403],
    [`${allowed}:8443`, 403],
    ["https://sub.app.example.com", 403],
    [`http://user@${host}`, 403],
    [`http://evil-${host}`, 403],
    ["https://evilapp.example.com", 403],
    [`${allowed}, http://${host}`, 403],
  ];
  test("from a browser's page is let in by its origin, exactly; clients that send none pass", async (t) => {
    const host = new URL(server.url).host;
    for (const [origin, status] of origins(host, server.port)) {
      const raw = await RawSocket.connect(server.url, t);
      assert.equal(await raw.upgrade("/", { Origin: origin }), status, `Origin: ${origin}`);
      if (status !== 101) await raw.closed(2_000);
      raw.destroy();
    }
    const native = await RawSocket.connect(server.url, t);
    assert.equal(await native.upgrade("/"), 101);
  });

  test("from an allowed page of another origin opens a socket, which open access does not cover", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { headers: { Origin: allowed }, test: t });
    peer.send({ type: "join", userId: somebody(), protocol: 2 });
    assert.equal((await peer.next("error")).code, "unauthorized");
    assert.equal((await peer.closed()).code, 4401);
  });

  test("that is refused leaves no half-open connection, though the client keeps its half", async (t) => {
    const raw = await RawSocket.connect(server.url, t);
    assert.equal(await raw.upgrade("/nowhere"), 404);
    await raw.closed(2_000);
  });

  for (const [status, path, headers] of [
    [404, "/nowhere", {}],
    [403, "/", { Origin: "https://evil.example" }],
  ] as const) {
    test(`that is refused with ${status} answers in a text that no browser takes for anything else`, async () => {
      const upgrade = { Connection: "Upgrade", Upgrade: "websocket", ...headers };
      const sent = request({ port: server.port, host: "127.0.0.1", path, headers: upgrade }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      response.resume();
      assert.equal(response.statusCode, status);
      assert.equal(response.headers["content-type"], "text/plain; charset=utf-8");
      assert.equal(response.headers["x-content-type-options"], "nosniff");
    });
  }

  test("for another host is refused before anything looks at it: it neither opens a socket nor ends open access", async (t) => {
    for (const host of ["evil.example", `evil.example:${server.port}`, "localhost.evil.example", "a b"]) {
      const raw = await RawSocket.connect(server.url, t);
      const origin = `http://${host}`;
      assert.equal(await raw.upgrade("/", { Host: host, Origin: origin, "X-Forwarded-For": "203.0.113.9" }), 421, host);
      await raw.closed(2_000);
    }
    const peer = await RawPeer.connect(server.wsUrl, { test: t });
    await peer.join(somebody(), { protocol: 2 });
  });

  for (const [what, headers] of Object.entries({
    "HTTP/2": { Upgrade: "h2c", Connection: "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABkAAQCAAAAAAIAAAAA" },
    "something of its own": { Upgrade: "teapot/1" },
  })) {
    test(`to ${what} is answered as the plain request that it also is, its body included`, async () => {
      const { port } = server;
      const asked = { port, host: "127.0.0.1", headers: { Connection: "Upgrade", ...headers } };
      assert.equal(await statusOf(request({ ...asked, path: "/api/health" })), 200);
      const json = { ...asked.headers, "Content-Type": "application/json" };
      const post = request({ ...asked, path: "/api/auth/register", method: "POST", headers: json });
      assert.equal(await statusOf(post, JSON.stringify({ phone: somebody(), displayName: "x".repeat(80) })), 201);
    });
  }

  test("nothing of all that was a fault, and the server is well", async () => {
    assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
    assert.deepEqual(server.faults(), []);
  });
});

/** The answer to a request; an upgrade would never come to one. */
async function statusOf(sent: ClientRequest, body?: string): Promise<number | undefined> {
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode;
}
