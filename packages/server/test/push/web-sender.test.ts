import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, realClock, WebPushService } from "@echoo/testkit";
import { createPoster } from "../../src/outbound/bounded-post.ts";
import type { PushMessage, PushSender } from "../../src/push/push-sender.ts";
import { createWebKeys } from "../../src/push/web-keys.ts";
import { createWebSender } from "../../src/push/web-sender.ts";

const content = { kind: "ring", callId: "00000000-0000-4000-8000-000000000001", ticket: "t", isVideo: true } as const;
const message: PushMessage = { content, title: "Ann", body: "Incoming call", ttlSec: 42, expiresAtSec: 1_800_000_000 };

async function senderTo(service: WebPushService, allowLoopback = true) {
  const kept = new Map<string, string>();
  const store = {
    findOrKeep: async (name: string, made: string) => {
      if (!kept.has(name)) kept.set(name, made);
      return kept.get(name) ?? made;
    },
  };
  const clock = new FakeClock();
  const keys = createWebKeys(store, clock);
  const rules = { allowPrivate: false, allowLoopback, hosts: [] };
  const poster = createPoster({ rules, clock, withinMs: 5_000, replyBytesMax: 1_000 });
  const pageUrl = "https://calls.example";
  const sender: PushSender = createWebSender({ keys, poster, clock, subject: "mailto:op@example.com", pageUrl });
  const { publicKey } = await keys.load();
  const address = JSON.stringify(service.subscribe("a", publicKey));
  return { sender, address, clock, service };
}

test("a push is encrypted for its subscription, signed for its service, and says how long it is worth something", async () => {
  const service = await WebPushService.start();
  const { sender, address } = await senderTo(service);
  try {
    assert.deepEqual(await sender.send(address, message), { outcome: "accepted" });
    const { payload, ...how } = await service.next();
    const topic = "00000000000040008000000000000001";
    assert.deepEqual(how, { name: "a", ttl: 42, urgency: "high", topic, subject: "mailto:op@example.com" });
    assert.deepEqual(payload.echoo, content);
    assert.deepEqual(payload.notification, {
      title: "Ann",
      body: "Incoming call",
      navigate: `https://calls.example/?call=${content.callId}`,
      tag: content.callId,
      silent: false,
    });
    assert.deepEqual([payload.web_push, payload.mutable], [8030, true]);
    assert.deepEqual(service.faults, []);
  } finally {
    sender.close();
    await service.close();
  }
});

test("an id that is no UUID makes a topic as well, and a stop no noise", async () => {
  const service = await WebPushService.start();
  const { sender, address } = await senderTo(service);
  try {
    const stop = { kind: "stop", callId: "what a strange id, and how long it is!", missed: true } as const;
    await sender.send(address, { ...message, content: { ...stop, unseenMissed: 3 } });
    const { topic, urgency, payload } = await service.next();
    assert.match(topic, /^[\w-]{32}$/);
    assert.deepEqual([urgency, payload.notification.silent, payload.notification.app_badge], ["normal", true, 3]);
  } finally {
    sender.close();
    await service.close();
  }
});

test("each answer of a service is an outcome", async () => {
  const service = await WebPushService.start();
  const { sender, address } = await senderTo(service);
  const outcomes = {
    404: { outcome: "gone" },
    410: { outcome: "gone" },
    429: { outcome: "later", unsure: false, retryInMs: 7_000 },
    500: { outcome: "later", unsure: true, retryInMs: 7_000 },
    503: { outcome: "later", unsure: true, retryInMs: 7_000 },
    302: { outcome: "refused", why: "302 " },
    400: { outcome: "refused", why: "400 " },
    403: { outcome: "refused", why: "403 " },
    413: { outcome: "refused", why: "413 " },
  } as const;
  try {
    for (const [status, outcome] of Object.entries(outcomes)) {
      service.answer = { status: Number(status), retryAfter: "7" };
      assert.deepEqual(await sender.send(address, message), outcome, status);
    }
  } finally {
    sender.close();
    await service.close();
  }
});

test("a service that hangs is let go of after five seconds, and may have taken it", async () => {
  const service = await WebPushService.start();
  const { sender, address, clock } = await senderTo(service);
  try {
    service.answer = "hang";
    const sent = sender.send(address, message);
    while (service.requests === 0) await new Promise((resolve) => realClock.after(1, () => resolve(undefined)));
    clock.advance(5_000);
    assert.deepEqual(await sent, { outcome: "later", unsure: true });
  } finally {
    sender.close();
    await service.close();
  }
});

test("a service that is gone may come back, and one that is inside the own network is never asked", async () => {
  const service = await WebPushService.start();
  const inside = await senderTo(service, false);
  const { sender, address } = await senderTo(service);
  try {
    assert.equal((await inside.sender.send(inside.address, message)).outcome, "refused");
    assert.equal(service.requests, 0);
    await service.close();
    assert.deepEqual(await sender.send(address, message), { outcome: "later", unsure: true });
  } finally {
    sender.close();
    inside.sender.close();
  }
});
