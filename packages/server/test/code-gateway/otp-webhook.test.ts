import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, seededIds } from "@echoo/testkit";
import { Webhook } from "standardwebhooks";
import { createOtpWebhook, gatewayMs } from "../../src/code-gateway/otp-webhook.ts";
import { systemClock, systemIds } from "../../src/composition/platform.ts";
import { startCodeReceiver } from "./code-receiver.ts";

const code = { phone: "+15550001", code: "012345", expiresInSec: 300 };
const base64 = Buffer.alloc(32, 7).toString("base64");

for (const [name, secret, key] of [
  ["whsec_ and base64", `whsec_${base64}`, new Webhook(`whsec_${base64}`)],
  ["base64 alone", base64, new Webhook(base64)],
  [
    "any other text",
    "a secret, and no base64 at all",
    new Webhook("a secret, and no base64 at all", { format: "raw" }),
  ],
] as const) {
  test(`a code arrives signed as Standard Webhooks, with a secret of ${name}`, async (t) => {
    const receiver = await startCodeReceiver(t);
    await createOtpWebhook({ url: receiver.url, secret, clock: systemClock, ids: systemIds }).send(code);
    const [got] = receiver.received;
    const headers = got?.headers as Record<string, string>;
    assert.deepEqual(key.verify(got?.body ?? "", headers), { type: "otp", ...code });
    assert.equal(headers["content-type"], "application/json");
    assert.match(headers["webhook-id"] ?? "", /^msg_[\w-]{22}$/);
    assert.throws(() => new Webhook(Buffer.alloc(32, 8).toString("base64")).verify(got?.body ?? "", headers));
  });
}

test("every answer but 2xx is a failure, and a redirect is not followed", async (t) => {
  const receiver = await startCodeReceiver(t);
  const webhook = createOtpWebhook({ url: receiver.url, secret: base64, clock: systemClock, ids: systemIds });
  for (const status of [200, 202, 204]) {
    receiver.state.answer = status;
    await webhook.send(code);
  }
  for (const status of [400, 404, 500, 503]) {
    receiver.state.answer = status;
    await assert.rejects(webhook.send(code), new RegExp(`it answered ${status}`));
  }
  receiver.state.answer = "redirect";
  await assert.rejects(webhook.send(code), /307; redirects are not followed/);
  assert.ok(receiver.received.every(({ path }) => path === "/codes"));
});

test("a gateway that says nothing is given up after 8 seconds, and 100 at once are the most", async (t) => {
  const receiver = await startCodeReceiver(t);
  receiver.state.answer = "nothing";
  const clock = new FakeClock();
  const webhook = createOtpWebhook({ url: receiver.url, secret: base64, clock, ids: seededIds(1) });
  const arrived = receiver.next();
  const sending = Array.from({ length: 100 }, () =>
    assert.rejects(webhook.send(code), /did not answer within 8000 ms/),
  );
  await assert.rejects(webhook.send(code), /100 codes are under way/);
  await arrived;
  clock.advance(gatewayMs - 1);
  assert.equal(clock.pendingTimers, 100);
  clock.advance(1);
  await Promise.all(sending);
  receiver.state.answer = 200;
  await webhook.send(code);
  assert.equal(clock.pendingTimers, 0);
});

test("a gateway that is not there is a failure", async () => {
  const url = "http://127.0.0.1:1/codes";
  const webhook = createOtpWebhook({ url, secret: base64, clock: systemClock, ids: systemIds });
  await assert.rejects(webhook.send(code));
});
