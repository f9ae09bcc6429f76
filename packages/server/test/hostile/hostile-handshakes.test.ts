import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { witnessCall } from "./witness-call.ts";

/** Handshakes that are complete, and wrong. None may become a socket. */
const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "an old version of the protocol": { "Sec-WebSocket-Version": "7" },
  "no key": { "Sec-WebSocket-Key": "" },
  "a key that is too short": { "Sec-WebSocket-Key": "abc" },
  "another protocol": { Upgrade: "h2c" },
};

describe("a handshake that is wrong or never done", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  for (const [what, headers] of Object.entries(wrong)) {
    test(`${what} is refused as a request, not as a socket`, async (t) => {
      const raw = await RawSocket.connect(server.url, t);
      const status = await raw.upgrade("/", headers);
      assert.ok(status !== 101 && status < 500, `status ${status}`);
      await witnessCall(server);
    });
  }

  for (const path of ["/nowhere", "/ws/../..", "//", "/%", "/%00", `/${"x".repeat(4_000)}`, "/?a[$ne]=1"]) {
    test(`an upgrade of ${path.slice(0, 20)} opens a socket or is refused, and breaks nothing`, async (t) => {
      const raw = await RawSocket.connect(server.url, t);
      const status = await raw.upgrade(path);
      assert.ok(status < 500, `status ${status}`);
      await witnessCall(server);
    });
  }

  test("headers without end are refused, not collected", async (t) => {
    const raw = await RawSocket.connect(server.url, t);
    await raw.writeAll(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(1_000_000)}`);
    await raw.closed();
    await witnessCall(server);
  });

  for (const [what, bytes] of [
    ["random bytes", Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 167 + 13) % 256))],
    ["the beginning of TLS", Buffer.from("16030100c8010000c40303", "hex")],
    [
      "two lengths of one body",
      "POST /api/auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    ],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a header with a line break in its name", "GET / HTTP/1.1\r\nHost: a\r\nBad\nName: x\r\n\r\n"],
  ] as const) {
    test(`${what} in place of a request ends the connection, and nothing else`, async (t) => {
      const raw = await RawSocket.connect(server.url, t);
      raw.write(bytes);
      raw.end();
      await raw.closed();
      await witnessCall(server);
    });
  }

  test("200 handshakes that stop half way keep no user from calling", async (t) => {
    const halves = await Promise.all(Array.from({ length: 200 }, () => RawSocket.connect(server.url, t)));
    for (const [i, half] of halves.entries()) {
      half.write(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x".slice(0, 5 + (i % 70)),
      );
    }
    await witnessCall(server);
    for (const half of halves) half.write("y");
    await witnessCall(server);
  });

  test("a client that leaves in the middle of its handshake leaves nothing behind", async (t) => {
    for (let i = 0; i < 50; i++) {
      const raw = await RawSocket.connect(server.url, t);
      raw.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
      raw.destroy();
    }
    await witnessCall(server);
  });

  test("after all of it the process has nothing to complain of", () => {
    assert.deepEqual(server.faults(), []);
  });
});
