import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { RawSocket } from "@echoo/testkit";
import { ConnectionsPerAddress } from "../../src/web/connections-per-address.ts";

/** A server whose clients are counted, though they come from this machine. */
async function start(t: TestContext, limit: ConnectionsPerAddress) {
  const server = createServer((socket) => {
    // Unread, a socket would never notice that its client has gone.
    socket.on("error", () => {}).resume();
    socket.write("HTTP/1.1 101 x\r\n\r\n");
  });
  limit.watch(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  return { server, url: `http://127.0.0.1:${port}` };
}

test("one connection more than an address may have is cut, and taken again when another has gone", async (t) => {
  const { server, url } = await start(t, new ConnectionsPerAddress(2, () => false));
  const accepted: Socket[] = [];
  server.on("connection", (socket) => accepted.push(socket));
  const [first, second] = [await RawSocket.connect(url, t), await RawSocket.connect(url, t)];
  assert.equal(await first.upgrade(), 101);
  assert.equal(await second.upgrade(), 101);
  const third = await RawSocket.connect(url, t);
  await third.closed();
  const gone = once(accepted[0] as Socket, "close");
  first.destroy();
  await gone;
  const fourth = await RawSocket.connect(url, t);
  assert.equal(await fourth.upgrade(), 101);
});

test("connections of this machine are not counted, and two servers count together", async (t) => {
  const free = await start(t, new ConnectionsPerAddress(1));
  for (let n = 0; n < 3; n += 1) assert.equal(await (await RawSocket.connect(free.url, t)).upgrade(), 101);
  const shared = new ConnectionsPerAddress(1, () => false);
  const [plain, secure] = [await start(t, shared), await start(t, shared)];
  assert.equal(await (await RawSocket.connect(plain.url, t)).upgrade(), 101);
  await (await RawSocket.connect(secure.url, t)).closed();
});
