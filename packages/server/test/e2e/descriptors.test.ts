import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { readAudit } from "@echoo/accounts";
import { type ServerProcess, spawnServer } from "@echoo/testkit";

/** Enough to start with, for modules are read many at a time, and soon taken. */
const descriptors = 400;
const limited = ["sh", "-c", `ulimit -n ${descriptors} && exec "$0" "$@"`];

/** Connects until the server can take no more: it cuts the one that comes next. */
async function takeAll(t: TestContext, { port }: ServerProcess): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let isCut = false; !isCut; ) {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    isCut = await new Promise((resolve) => {
      // However it ends, in order or by a reset: that is the one without a descriptor.
      socket.on("error", () => {}).on("close", () => resolve(true));
      socket.on("data", () => resolve(false));
      socket.write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
    });
    assert.ok(sockets.length < descriptors);
  }
  return sockets;
}

test("a server whose clients have taken every descriptor loses no entry of its audit log", async (t) => {
  const server = await spawnServer({ prefix: limited, test: t });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const askWithWrongToken = async () => {
    const headers = { authorization: "Bearer wrong" };
    const request = get(`${server.url}/api/auth/sessions`, { agent, headers });
    const [response] = await once(request, "response");
    response.resume();
    await once(response, "end");
    return response.statusCode;
  };
  assert.equal(await askWithWrongToken(), 401);
  const sockets = await takeAll(t, server);
  t.diagnostic(`${sockets.length} connections took all descriptors`);
  for (let count = 1; count < 20; count += 1) assert.equal(await askWithWrongToken(), 401);
  const events: string[] = [];
  for await (const { event } of readAudit(server.data)) events.push(event);
  assert.deepEqual(events, ["server_started", ...Array.from({ length: 20 }, () => "login_refused")]);
});
