import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { RawSocket } from "@echoo/testkit";
import { defer, systemClock } from "../../src/composition/platform.ts";
import { RequestPacing } from "../../src/web/request-pacing.ts";
import { closeWebServer, createWebServer, listen, webServerLimits } from "../../src/web/web-server.ts";

const short = {
  ...{ headersMs: 300, requestMs: 600, silentMs: 900, keepAliveMs: 200, checkEveryMs: 50 },
  ...{ connectionsMax: 3, headerBytesMax: webServerLimits.headerBytesMax },
};

async function start(t: TestContext, limits = short) {
  const answer: RequestListener = (request, response) => {
    if (request.url === "/large") {
      response.end("x".repeat(64 * 1024 * 1024));
      return;
    }
    request.resume().on("end", () => response.end("well"));
  };
  const server = createWebServer({ answer, turns: new RequestPacing(defer), limits });
  const port = await listen(server, 0, "127.0.0.1");
  t.after(() => closeWebServer(server, systemClock));
  return { server, url: `http://127.0.0.1:${port}` };
}

test("a client that never ends its headers, or its body, is cut, and others are served meanwhile", async (t) => {
  const { url } = await start(t);
  const headers = await RawSocket.connect(url, t);
  headers.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow:");
  const body = await RawSocket.connect(url, t);
  body.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nslow");
  const begun = performance.now();
  assert.equal(await (await fetch(url)).text(), "well");
  await headers.closed(short.headersMs + 2_000);
  assert.ok(performance.now() - begun >= short.headersMs - 50);
  await body.closed(short.requestMs + 2_000);
  assert.ok(performance.now() - begun >= short.requestMs - 50);
});

test("headers of as many bytes as are taken are answered, and with one more refused with 431", async (t) => {
  const { url } = await start(t, webServerLimits);
  const statusOf = async (bytes: number) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.on("data", (piece) => {
      answer += piece;
    });
    const counted = "/HostaConnectioncloseX-Long".length;
    const value = "x".repeat(bytes - counted);
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: ${value}\r\n\r\n`);
    await once(socket, "close");
    return answer.slice(0, "HTTP/1.1 200".length);
  };
  assert.equal(await statusOf(webServerLimits.headerBytesMax), "HTTP/1.1 200");
  assert.equal(await statusOf(webServerLimits.headerBytesMax + 1), "HTTP/1.1 431");
});

test("a client that does not read its answer is cut once nothing moves", async (t) => {
  const { server, url } = await start(t);
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const { hostname, port } = new URL(url);
  // Nobody listens for what comes, so that nothing is read.
  const reader = connect(Number(port), hostname);
  t.after(() => reader.destroy());
  reader.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  const [socket] = await accepted;
  await once(socket, "close", { signal: AbortSignal.timeout(short.silentMs + 10_000) });
});

test("more connections than allowed are refused, and taken again when others have gone", async (t) => {
  const { url } = await start(t, { ...short, headersMs: 10_000, requestMs: 10_000 });
  const held = await Promise.all(Array.from({ length: short.connectionsMax }, () => RawSocket.connect(url, t)));
  const refused = await RawSocket.connect(url, t);
  refused.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await refused.closed(2_000);
  held[0]?.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await held[0]?.closed(2_000);
  assert.equal(await (await fetch(url)).text(), "well");
});

test("closing waits for no client that says nothing", async (t) => {
  const { server, url } = await start(t, webServerLimits);
  const half = await RawSocket.connect(url, t);
  half.write("GET / HTTP/1.1\r\nHost:");
  await fetch(url);
  const begun = performance.now();
  await closeWebServer(server, systemClock);
  assert.ok(performance.now() - begun < 4_000);
  await half.closed(1_000);
});
