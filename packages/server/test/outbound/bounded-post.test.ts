import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { realClock } from "@echoo/testkit";
import { createPoster } from "../../src/outbound/bounded-post.ts";

async function serve(t: TestContext, listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const rules = { allowPrivate: false, allowLoopback: true, hosts: [] };
  const poster = createPoster({ rules, clock: realClock, withinMs: 5_000, replyBytesMax: 1_000 });
  t.after(async () => {
    poster.close();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, post: (to = url) => poster.post({ url: to, headers: {}, body: "b" }) };
}

test("of a longer answer as much is read as may be", async (t) => {
  const { post } = await serve(t, (_request, response) => {
    response.write("x".repeat(900));
    setImmediate(() => response.end("y".repeat(100_000)));
  });
  const { status, body } = await post();
  assert.equal(status, 200);
  assert.ok(body.startsWith("x") && body.length <= 1_000);
});

test("a redirect is an answer, and is not followed", async (t) => {
  const asked: (string | undefined)[] = [];
  const { post } = await serve(t, (request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  assert.equal((await post()).status, 307);
  assert.deepEqual(asked, ["/"]);
});

test("an address that may not be asked is not", async (t) => {
  let asked = 0;
  const { post } = await serve(t, (_request, response) => {
    asked += 1;
    response.end();
  });
  await assert.rejects(post("https://10.0.0.1/"), /not public/);
  await assert.rejects(post("http://push.example/"), /not public/);
  assert.equal(asked, 0);
});
