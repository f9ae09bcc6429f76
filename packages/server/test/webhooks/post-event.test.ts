import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { WebhookEvent } from "@echoo/core";
import { FakeClock, type ReceiverAnswer, WebhookReceiver } from "@echoo/testkit";
import type { AddressRules } from "../../src/outbound/address-rules.ts";
import { createPoster } from "../../src/outbound/bounded-post.ts";
import { postEvent } from "../../src/webhooks/post-event.ts";

const event: WebhookEvent = {
  ...{ id: "evt_1", key: "call.started", type: "call.started", sequence: 1 },
  ...{ atMs: Date.UTC(2026, 0, 1), data: `{"callId":"one"}` },
};
const development: AddressRules = { allowPrivate: false, allowLoopback: true, hosts: [] };

/** Posts over a real connection; signatures are of the time that it really is. */
async function worldOf(t: TestContext, rules = development) {
  const clock = new FakeClock(Date.now());
  const receiver = await WebhookReceiver.start();
  const poster = createPoster({ rules, clock, withinMs: 10_000, replyBytesMax: 64 * 1024 });
  t.after(async () => {
    poster.close();
    await receiver.close();
  });
  const post = (url = receiver.url) =>
    postEvent({ poster, clock, random: () => 0 }, { url, secrets: [receiver.secret] }, event, 0);
  const answering = (answer: ReceiverAnswer) => {
    receiver.answer = () => answer;
  };
  return { clock, receiver, post, answering };
}

test("an event is taken by any answer of 2xx", async (t) => {
  const { receiver, post, answering } = await worldOf(t);
  for (const status of [200, 202, 204]) {
    answering({ status });
    assert.deepEqual(await post(), { outcome: "delivered" });
  }
  const { id, type, sequence, time, data } = receiver.posts[0] ?? {};
  assert.deepEqual([id, type, sequence, time], ["evt_1", "call.started", 1, "2026-01-01T00:00:00.000Z"]);
  assert.deepEqual([data, receiver.faults], [{ callId: "one" }, []]);
});

test("a redirect is not followed, wherever it leads", async (t) => {
  const { receiver, post, answering } = await worldOf(t);
  const other = await WebhookReceiver.start();
  t.after(() => other.close());
  for (const status of [301, 302, 307, 308]) {
    answering({ status, headers: { location: other.url } });
    const done = await post();
    assert.equal(done.outcome === "failed" && done.why, `it answered ${status}; redirects are not followed`);
  }
  assert.deepEqual([receiver.posts.length, other.posts.length], [4, 0]);
});

test("a receiver that does not answer is given up after ten seconds", async (t) => {
  const { clock, receiver, post } = await worldOf(t);
  let answer = (_: ReceiverAnswer) => {};
  receiver.answer = () => new Promise((resolve) => (answer = resolve));
  const posting = post();
  await receiver.until(({ posts }) => posts.length === 1);
  clock.advance(10_000);
  const done = await posting;
  assert.ok(done.outcome === "failed" && done.why.includes("10000 ms"), JSON.stringify(done));
  assert.equal(done.againAtMs, clock.now() + 5_000);
  answer({ status: 200 });
});

test("an address of the server's own network is not posted to, nor a name that leads there", async (t) => {
  const { receiver, post } = await worldOf(t, { ...development, allowLoopback: false });
  const { port } = receiver;
  for (const host of ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"]) {
    const done = await post(`https://${host}:${port}/hook`);
    assert.ok(done.outcome === "failed" && done.why.includes("not public"), `${host}: ${JSON.stringify(done)}`);
  }
  assert.deepEqual(receiver.posts, []);
});

test("where the operator allows it the receiver may be in the own network, over http as well", async (t) => {
  const { post } = await worldOf(t, { allowPrivate: true, allowLoopback: false, hosts: [] });
  assert.deepEqual(await post(), { outcome: "delivered" });
});
