import assert from "node:assert/strict";
import { test } from "node:test";
import { ApnsService, FakeClock, FcmService, realClock, WebPushService } from "@echoo/testkit";
import { readFcmCredentials } from "../../src/config/fcm-credentials.ts";
import { createPoster } from "../../src/outbound/bounded-post.ts";
import { createApnsSender } from "../../src/push/apns-sender.ts";
import { createFcmSender } from "../../src/push/fcm-sender.ts";
import type { PushMessage, PushSender } from "../../src/push/push-sender.ts";
import { createWebKeys } from "../../src/push/web-keys.ts";
import { createWebSender } from "../../src/push/web-sender.ts";

const callId = "00000000-0000-4000-8000-000000000001";
const from = { phone: "5550001", displayName: "Ann" };
const ring: PushMessage = {
  content: { kind: "ring", callId, ticket: "t", endsAt: 1_800_000_000_000, from, isVideo: true },
  ...{ title: "Ann", body: "Incoming video call", ttlSec: 42, expiresAtSec: 1_800_000_000 },
};
const missed: PushMessage = {
  content: { kind: "stop", callId, reason: "cancelled", missed: true, count: 2, unseenMissed: 3 },
  ...{ title: "2 missed calls", body: "Tap to call back", ttlSec: 86_400, expiresAtSec: 1_800_086_400 },
};

interface Service {
  answer: { readonly status: number; readonly retryAfter?: string } | "hang";
  readonly requests: number;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

interface Fixture<S extends Service = Service> {
  readonly sender: PushSender;
  readonly address: string;
  readonly service: S;
  readonly clock: FakeClock;
}

const rules = { allowPrivate: true, allowLoopback: true, hosts: [] };
const posterWith = (clock: FakeClock) => createPoster({ rules, clock, withinMs: 5_000, replyBytesMax: 1_000 });

async function web(): Promise<Fixture<WebPushService>> {
  const [service, clock] = [await WebPushService.start(), new FakeClock()];
  const keys = createWebKeys({ findOrKeep: async (_name, made) => made }, clock);
  const parts = { subject: "mailto:op@example.com", pageUrl: "https://calls.example" };
  const sender = createWebSender({ keys, poster: posterWith(clock), clock, ...parts });
  const address = JSON.stringify(service.subscribe("a", (await keys.load()).publicKey));
  return { sender, address, service, clock };
}

async function fcm(): Promise<Fixture<FcmService>> {
  const [service, clock] = [await FcmService.start(), new FakeClock()];
  const credentials = readFcmCredentials(service.credentials);
  assert.ok(credentials);
  const sender = createFcmSender({ credentials, poster: posterWith(clock), clock, origin: service.origin });
  return { sender, address: JSON.stringify({ token: "android" }), service, clock };
}

async function apns(): Promise<Fixture<ApnsService>> {
  const [service, clock] = [await ApnsService.start(), new FakeClock()];
  const { key, keyId, teamId, topic, origin } = service;
  const sender = createApnsSender({ key, keyId, teamId, topic, origin, clock });
  return { sender, address: JSON.stringify({ token: "abc", voipToken: "def" }), service, clock };
}

async function within<S extends Service>(start: () => Promise<Fixture<S>>, run: (it: Fixture<S>) => Promise<void>) {
  const it = await start();
  try {
    await run(it);
  } finally {
    it.sender.close();
    await it.service.close();
  }
}

/** What every sender holds to. */
function senderConformance(name: string, start: () => Promise<Fixture>): void {
  test(`${name}: a ring and a missed call are taken as they are`, () =>
    within(start, async ({ sender, address, service }) => {
      assert.deepEqual(await sender.send(address, ring), { outcome: "accepted" });
      assert.deepEqual(await sender.send(address, missed), { outcome: "accepted" });
      assert.deepEqual(service.faults, []);
    }));

  test(`${name}: each answer is an outcome`, () =>
    within(start, async ({ sender, address, service }) => {
      const after = async (status: number) => {
        service.answer = { status, retryAfter: "7" };
        const { outcome, ...more } = await sender.send(address, ring);
        return [outcome, "retryInMs" in more ? more.retryInMs : "why" in more ? typeof more.why : undefined];
      };
      assert.deepEqual(await after(429), ["later", 7_000]);
      assert.deepEqual(await after(500), ["later", 7_000]);
      assert.deepEqual(await after(503), ["later", 7_000]);
      assert.deepEqual(await after(400), ["refused", "string"]);
      assert.deepEqual(await after(403), ["refused", "string"]);
      assert.deepEqual(await after(413), ["refused", "string"]);
      assert.deepEqual(await after(name === "FCM" ? 404 : 410), ["gone", undefined]);
    }));

  test(`${name}: one that hangs is let go of after five seconds, and may have it`, () =>
    within(start, async ({ sender, address, service, clock }) => {
      service.answer = "hang";
      const sent = sender.send(address, ring);
      while (service.requests === 0) await new Promise<void>((resolve) => void realClock.after(1, resolve));
      clock.advance(5_000);
      assert.deepEqual(await sent, { outcome: "later", unsure: true });
    }));

  test(`${name}: one that is not there may be there later`, () =>
    within(start, async ({ sender, address, service }) => {
      const other = { ...service, close: service.close.bind(service) };
      await other.close();
      service.close = async () => {};
      assert.deepEqual(await sender.send(address, ring), { outcome: "later", unsure: true });
    }));
}

senderConformance("Web Push", web);
senderConformance("FCM", fcm);
senderConformance("APNs", apns);

test("FCM gets data alone, in haste for a ring and in none for what is over, by a token that is asked for once an hour", () =>
  within(fcm, async ({ sender, address, service, clock }) => {
    await sender.send(address, ring);
    await sender.send(address, missed);
    const [rung, told] = service.messages;
    assert.deepEqual(rung?.android, { priority: "high", ttl: "42s", collapse_key: callId });
    assert.deepEqual(
      [rung?.token, rung?.data.kind, rung?.data.caller, rung?.data.isVideo],
      ["android", "ring", "Ann", "true"],
    );
    assert.deepEqual(told?.android, { priority: "normal", ttl: "86400s", collapse_key: callId });
    assert.deepEqual([told?.data.missed, told?.data.count], ["true", "2"]);
    assert.equal(service.tokens, 1);
    clock.advance(3_600_000);
    await sender.send(address, ring);
    assert.equal(service.tokens, 2);
  }));

test("Apple gets a ring by VoIP until the ring's end, and everything else as an alert", () =>
  within(apns, async ({ sender, address, service }) => {
    await sender.send(address, ring);
    await sender.send(address, missed);
    const [rung, told] = service.pushes;
    assert.deepEqual([rung?.device, rung?.headers["apns-expiration"]], ["def", "1800000000"]);
    assert.deepEqual([rung?.payload.callId, rung?.payload.from.displayName], [callId, "Ann"]);
    assert.deepEqual([told?.device, told?.headers["apns-push-type"]], ["abc", "alert"]);
    assert.deepEqual(told?.payload.aps, {
      alert: { title: "2 missed calls", body: "Tap to call back" },
      "thread-id": "calls",
      badge: 3,
    });
    assert.equal(service.connections, 1);
    const voipOnly = JSON.stringify({ voipToken: "def" });
    assert.equal((await sender.send(voipOnly, missed)).outcome, "refused");
  }));

test("a connection that Apple closed is made anew for the next push", () =>
  within(apns, async ({ sender, address, service }) => {
    await sender.send(address, ring);
    service.closeConnections();
    const results = [await sender.send(address, ring), await sender.send(address, ring)];
    assert.ok(results.some(({ outcome }) => outcome === "accepted"));
  }));
