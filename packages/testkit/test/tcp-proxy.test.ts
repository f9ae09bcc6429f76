import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../src/fake-clock.ts";
import { TcpProxy } from "../src/tcp-proxy.ts";

/** An echo server behind a proxy, and a client connected through it. */
async function through(t: TestContext, clock?: FakeClock) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await TcpProxy.start((server.address() as AddressInfo).port, clock);
  const client = connect(proxy.port, "127.0.0.1");
  client.on("error", () => {});
  await once(client, "connect");
  t.after(async () => {
    client.destroy();
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  let unread = "";
  client.on("data", (bytes) => {
    unread += bytes;
  });
  const said = async (text: string) => {
    await until(() => unread.length >= text.length);
    assert.equal(unread, text);
    unread = "";
  };
  return { proxy, client, said, sockets };
}

test("a proxy in clear weather carries bytes both ways, and the end of each side", async (t) => {
  const { proxy, client, said } = await through(t);
  client.write("one");
  await said("one");
  assert.equal(proxy.connections, 1);
  client.end("two");
  await said("two");
  await once(client, "close");
});

test("a paused proxy loses nothing", async (t) => {
  const { proxy, client, said, sockets } = await through(t);
  client.write("before");
  await said("before");
  proxy.pause();
  client.write("during");
  const [far] = sockets;
  const bytesBefore = far?.bytesRead;
  // The kernel has the bytes once they are written: on loopback they are at the proxy, which does not read them.
  await new Promise<void>((resolve) => client.write("!", () => resolve()));
  assert.equal(far?.bytesRead, bytesBefore);
  proxy.heal();
  await said("during!");
});

test("a black hole swallows bytes, and what comes after it arrives", async (t) => {
  const { proxy, client, said } = await through(t);
  client.write("before");
  await said("before");
  proxy.blackHole();
  await new Promise<void>((resolve) => client.write("lost", () => resolve()));
  await until(() => proxy.swallowedBytes === 4);
  proxy.heal();
  client.write("after");
  await said("after");
});

test("a delay holds bytes back for its time, in order, also when it becomes shorter", async (t) => {
  const clock = new FakeClock();
  const { proxy, client, said, sockets } = await through(t, clock);
  client.write("x");
  await said("x");
  proxy.delay(300);
  client.write("first");
  await until(() => clock.pendingTimers === 1);
  proxy.delay(0);
  client.write("second");
  await until(() => clock.pendingTimers === 2);
  clock.advance(299);
  const [far] = sockets;
  assert.equal(far?.bytesRead, 1);
  clock.advance(1);
  await said("firstsecond");
});

test("a cut resets both sides, and a proxy that refuses resets new ones", async (t) => {
  const { proxy, client, said, sockets } = await through(t);
  client.write("x");
  await said("x");
  const [far] = sockets;
  assert.ok(far);
  proxy.cut();
  await until(() => client.destroyed && far.destroyed);
  assert.equal(proxy.connections, 0);
  proxy.refuse();
  const refused = connect(proxy.port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [Error];
  assert.match(error.message, /ECONNRESET/);
});

/** Lets the event loop run until it is so; the test runner's own deadline ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
