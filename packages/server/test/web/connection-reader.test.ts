import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { connect as connectSecurely } from "node:tls";
import { defer, systemClock } from "../../src/composition/platform.ts";
import { readCertificate } from "../../src/tls/read-certificate.ts";
import { unwantedBytesMax } from "../../src/web/connection-reader.ts";
import { RequestPacing } from "../../src/web/request-pacing.ts";
import { closeWebServer, createWebServer, listen } from "../../src/web/web-server.ts";
import { certificateFolder, makeCertificate } from "../tls/made-certificate.ts";

const host = "127.0.0.1";
const get = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`;

interface Scene {
  readonly server: Server;
  readonly connections: Socket[];
  /** A client's connection; `heard` is all that came back. */
  open(): Promise<{ readonly socket: Socket; heard(): string }>;
}

async function start(t: TestContext, answer: RequestListener, isSecure = false): Promise<Scene> {
  let certificate: ReturnType<typeof readCertificate>["context"] | undefined;
  if (isSecure) {
    const { files, write } = certificateFolder(t);
    write(await makeCertificate());
    certificate = readCertificate(files).context;
  }
  const server = createWebServer({ answer, turns: new RequestPacing(defer), certificate });
  await listen(server, 0, host);
  const { port } = server.address() as AddressInfo;
  const [connections, clients]: [Socket[], Socket[]] = [[], []];
  server.on("connection", (socket) => void connections.push(socket));
  t.after(() => {
    for (const client of clients) client.destroy();
    return closeWebServer(server, systemClock);
  });
  const open = async () => {
    const socket = isSecure ? connectSecurely({ port, host, rejectUnauthorized: false }) : connect(port, host);
    clients.push(socket);
    await once(socket, isSecure ? "secureConnect" : "connect");
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes;
    });
    socket.on("error", () => {});
    return { socket, heard: () => heard };
  };
  return { server, connections, open };
}

/** Until something is so, looked at after each turn of the event loop. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of message) text += piece;
  return text;
}

for (const isSecure of [false, true]) {
  describe(`a connection ${isSecure ? "of HTTPS" : "of HTTP"}`, () => {
    test("with a thousand requests in one packet has one of them begun at a time, in order", async (t) => {
      const [asked, unanswered]: [string[], ServerResponse[]] = [[], []];
      const { open } = await start(
        t,
        ({ url = "" }, response) => {
          asked.push(url);
          unanswered.push(response);
        },
        isSecure,
      );
      const { socket, heard } = await open();
      const all = Array.from({ length: 1_000 }, (_, n) => `/${n}`);
      socket.write(all.map((path) => get(path)).join(""));
      for (let n = 0; n < all.length; n += 1) {
        await until(() => unanswered.length > 0);
        // Whatever was sent has arrived by now.
        if (n < 3) for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        assert.equal(unanswered.length, 1, `${unanswered.length} begun at once`);
        unanswered.pop()?.end(`answer ${n};`);
      }
      await until(() => heard().includes("answer 999;"));
      assert.deepEqual(asked, all);
      assert.deepEqual(
        heard().match(/answer \d+/g),
        all.map((_, n) => `answer ${n}`),
      );
    });

    test("has bodies read whole, whatever way they are sent and cut, with requests before and behind them", async (t) => {
      const { open } = await start(
        t,
        async (message, response) => {
          const text = await bodyOf(message);
          response.end(`<${message.url} ${text.length} ${text.slice(-3)}>`);
        },
        isSecure,
      );
      const long = `${"\r\n\r\nGET /trap HTTP/1.1\r\nHost: a".repeat(4_000)}end`;
      const post = (path: string, ...headers: string[]) =>
        `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers.join("\r\n")}\r\n\r\n`;
      const chunked = `${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`;
      const sent = [
        get("/1"),
        post("/2", `Content-Length: ${long.length}`) + long,
        post("/3", "Transfer-Encoding: chunked") + chunked,
        post("/4", "Content-Length: 0"),
        `${post("/5", "Content-Length: 3")}abc`,
        get("/6"),
      ].join("");
      const expected = `</1 0 ></2 ${long.length} end></3 ${long.length} end></4 0 ></5 3 abc></6 0 >`;
      for (const pieceBytes of [sent.length, 10_007, 1_021]) {
        const { socket, heard } = await open();
        const answers = () => (heard().match(/<[^>]*>/g) ?? []).join("");
        for (let at = 0; at < sent.length; at += pieceBytes) {
          if (!socket.write(sent.slice(at, at + pieceBytes))) await once(socket, "drain");
        }
        await until(() => answers().length >= expected.length);
        assert.equal(answers(), expected);
      }
    });
  });
}

test("a body that no handler takes stays with the client; one that is taken later comes whole", async (t) => {
  let message: IncomingMessage | undefined;
  let response: ServerResponse | undefined;
  const { open, connections } = await start(t, (...both) => {
    [message, response] = both;
  });
  const { socket, heard } = await open();
  const sizeBytes = 64 * 1024 * 1024;
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${sizeBytes}\r\n\r\n`);
  socket.write(Buffer.alloc(sizeBytes, "x"));
  await until(() => message !== undefined && message.readableLength >= message.readableHighWaterMark);
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  assert.ok((connections[0]?.bytesRead ?? 0) < 1024 * 1024, `${connections[0]?.bytesRead} bytes were read`);
  let bytes = 0;
  for await (const piece of message ?? []) bytes += piece.length;
  assert.equal(bytes, sizeBytes);
  response?.end("thanks");
  await until(() => heard().includes("thanks"));
});

test("of a body that was refused so many bytes are still read, and with one more the connection is cut", async (t) => {
  const { open, connections } = await start(t, (_message, response) => response.writeHead(413).end("too large"));
  for (const bytes of [unwantedBytesMax, unwantedBytesMax + 1]) {
    const { socket, heard } = await open();
    const client = connections.at(-1);
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${unwantedBytesMax * 2}\r\n\r\n`);
    await until(() => heard().includes("too large"));
    const before = client?.bytesRead ?? 0;
    socket.write(Buffer.alloc(bytes, "x"));
    await until(() => client?.bytesRead === before + bytes && (bytes === unwantedBytesMax || client.destroyed));
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    assert.equal(client?.destroyed, bytes > unwantedBytesMax);
  }
});

test("an answer that is not read is not followed by others", async (t) => {
  let asked = 0;
  const large = Buffer.alloc(16 * 1024 * 1024, "x");
  const { open } = await start(t, (_message, response) => {
    asked += 1;
    response.end(large);
  });
  const { socket } = await open();
  socket.pause();
  socket.write(get("/").repeat(1_000));
  await until(() => asked > 0);
  for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
  assert.equal(asked, 1);
});

test("a WebSocket that is asked for in the packet of an earlier request comes after its answer, and loses no byte", async (t) => {
  const unanswered: ServerResponse[] = [];
  const { open, server } = await start(t, (_message, response) => void unanswered.push(response));
  let frames = "";
  server.on("upgrade", (_request, stream, head) => {
    stream.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    if (head.length > 0) stream.unshift(head);
    stream.on("end", () => stream.destroy());
    stream.on("data", (bytes) => {
      frames += bytes;
    });
  });
  const sent = "frame;".repeat(10_000);
  const { socket, heard } = await open();
  socket.write(get("/") + get("/ws", "Connection: Upgrade", "Upgrade: WebSocket") + sent);
  await until(() => unanswered.length === 1);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  assert.equal(heard(), "");
  unanswered[0]?.end("first");
  await until(() => frames.length === sent.length);
  assert.equal(frames, sent);
  assert.match(heard(), /first.*HTTP\/1\.1 101 Switching/s);
});

test("a client that leaves while its answer is being made is noticed, though its next request would not be read", async (t) => {
  const begun: ServerResponse[] = [];
  const { open } = await start(t, (_message, response) => void begun.push(response));
  const { socket } = await open();
  socket.write(get("/"));
  await until(() => begun.length === 1);
  const gone = once(begun[0] as ServerResponse, "close");
  socket.end();
  await gone;
});

test("requests that Node refuses by itself hold up no other connection, and are refused all", async (t) => {
  const { open } = await start(t, (_message, response) => response.end("well"));
  const [flood, other] = [await open(), await open()];
  flood.socket.write(get("/", "Expect: the-moon").repeat(2_000));
  other.socket.write(get("/"));
  await until(() => other.heard().includes("well"));
  const before = flood.heard().match(/417 Expectation/g)?.length ?? 0;
  assert.ok(before < 200, `${before} were answered first`);
  await until(() => flood.heard().match(/417 Expectation/g)?.length === 2_000);
});

test("requests that ask for another protocol are plain ones: one connection, and nothing piles up on it", async (t) => {
  const { open, connections } = await start(t, async (message, response) =>
    response.end(`got ${await bodyOf(message)};`),
  );
  const { socket, heard } = await open();
  const h2c = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"];
  const listeners = () => connections[0]?.eventNames().map((name) => connections[0]?.listenerCount(name));
  socket.write(get("/", ...h2c));
  await until(() => heard().includes("got ;"));
  const before = listeners();
  const body = `POST / HTTP/1.1\r\nHost: a\r\n${h2c.join("\r\n")}\r\nContent-Length: 4\r\n\r\nbody`;
  socket.write((get("/", ...h2c) + body).repeat(50));
  await until(() => heard().match(/got ;/g)?.length === 51 && heard().match(/got body;/g)?.length === 50);
  assert.equal(connections.length, 1);
  assert.deepEqual(listeners(), before);
});
