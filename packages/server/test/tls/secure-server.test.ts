import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:https";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import { RawSocket } from "@echoo/testkit";
import { defer, systemClock } from "../../src/composition/platform.ts";
import { readCertificate } from "../../src/tls/read-certificate.ts";
import { RequestPacing } from "../../src/web/request-pacing.ts";
import { closeWebServer, createWebServer, listen, webServerLimits } from "../../src/web/web-server.ts";
import { certificateFolder, makeCertificate } from "./made-certificate.ts";

const host = "127.0.0.1";

async function start(t: TestContext, changes: Partial<typeof webServerLimits> = {}) {
  const { files, write } = certificateFolder(t);
  write(await makeCertificate());
  const { context } = readCertificate(files);
  const answer = (_: unknown, response: { end(text: string): void }) => response.end("well");
  const server = createWebServer({
    answer,
    turns: new RequestPacing(defer),
    limits: { ...webServerLimits, ...changes },
    certificate: context,
  });
  const port = await listen(server, 0, host);
  t.after(() => closeWebServer(server, systemClock));
  return { server, port, url: `https://${host}:${port}` };
}

/** Sends bytes over bare TCP, and gives everything that comes back until the server hangs up. */
async function tcp(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, host);
  let heard = "";
  socket.on("data", (bytes) => {
    heard += String(bytes);
  });
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, "latin1", resolve));
  await once(socket, "close");
  return heard;
}

async function secure(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = connectSecurely({ port, host, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  return socket;
}

describe("a port that speaks HTTPS", () => {
  test("tells a client of plain HTTP so, and where to go", async (t) => {
    const { port } = await start(t);
    const answer = await tcp(port, `GET /x HTTP/1.1\r\nHost: echoo.home:${port}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer, new RegExp(`https://echoo\\.home:${port}/ or wss://echoo\\.home:${port}/ws`));
    const posted = await tcp(port, "POST / HTTP/1.1\r\nHost: <script>\r\nContent-Length: 3\r\n\r\nabc");
    assert.match(posted, /\r\n\r\nThis port speaks HTTPS and WSS alone\n$/);
    assert.ok(!posted.includes("script"));
  });

  test("hangs up on what is neither, and serves others after it", async (t) => {
    const { port, url } = await start(t);
    assert.doesNotMatch(await tcp(port, "\u0000\u0001\u0002 nonsense\r\n\r\n"), /HTTP/);
    assert.doesNotMatch(await tcp(port, "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000"), /HTTP/);
    const [response] = await once(get(url, { rejectUnauthorized: false }), "response");
    assert.equal(response.statusCode, 200);
    response.resume();
  });

  test("takes a handshake that arrives byte by byte", async (t) => {
    const { port } = await start(t);
    // A proxy of one byte at a time between a TLS client and the server.
    const proxy = createServer((client) => {
      const upstream = connect(port, host).setNoDelay(true);
      upstream.pipe(client);
      client.on("data", (bytes) => {
        for (const byte of bytes) upstream.write(Buffer.of(byte));
      });
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    t.after(() => void proxy.close());
    await once(proxy.listen(0, host), "listening");
    const socket = await secure((proxy.address() as AddressInfo).port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  test("speaks TLS 1.2 and 1.3, and HTTP/1.1 over them", async (t) => {
    const { port } = await start(t);
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const only = { minVersion: version, maxVersion: version, ALPNProtocols: ["h2", "http/1.1"] };
      const socket = await secure(port, only);
      assert.deepEqual([socket.getProtocol(), socket.alpnProtocol], [version, "http/1.1"]);
      socket.destroy();
    }
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    await assert.rejects(secure(port, old), /protocol version|unsupported protocol|wrong version|handshake failure/i);
  });

  for (const [what, bytes] of [
    ["says nothing", ""],
    ["begins a handshake and does not end it", "\u0016\u0003\u0001\u0002\u0000\u0001"],
  ] as const) {
    test(`lets go of a client that ${what}`, async (t) => {
      const { url } = await start(t, { headersMs: 200 });
      const silent = await RawSocket.connect(url.replace("https", "http"), t);
      silent.write(Buffer.from(bytes, "latin1"));
      await silent.closed();
    });

    test(`closes while a client ${what}`, async (t) => {
      const { server, url } = await start(t);
      const silent = await RawSocket.connect(url.replace("https", "http"), t);
      silent.write(Buffer.from(bytes, "latin1"));
      await closeWebServer(server, systemClock);
      await silent.closed();
    });
  }
});
