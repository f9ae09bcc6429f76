import { createECDH, createHash } from "node:crypto";
import type { Clock, Instant } from "@echoo/core";
import { AddressRefused } from "../outbound/address-rules.ts";
import type { Poster, PostReply } from "../outbound/bounded-post.ts";
import { loadJose } from "./load-jose.ts";
import { type PushMessage, type PushSender, retryAfterMs, type SendResult } from "./push-sender.ts";
import type { WebKeys } from "./web-keys.ts";

interface WebSenderDeps {
  readonly keys: WebKeys;
  readonly poster: Poster;
  readonly clock: Clock;
  /** Whom a push service may write to about us: mailto: or https:. */
  readonly subject: string;
  /** The page that a notification opens. */
  readonly pageUrl: string;
}

interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A signature is good for a day at most (RFC 8292); each push has its own, half as long. */
const signatureSec = 12 * 3600;

/** Pushes to browsers: RFC 8030, encrypted by RFC 8291, signed by RFC 8292. */
export function createWebSender(deps: WebSenderDeps): PushSender {
  const { poster, clock } = deps;
  return {
    async send(address, message) {
      const subscription = JSON.parse(address) as Subscription;
      try {
        const headers = await headersOf(deps, subscription.endpoint, message);
        const body = await encrypted(subscription, JSON.stringify(payloadOf(message, deps.pageUrl)));
        return resultOf(await poster.post({ url: subscription.endpoint, headers, body }), clock.now());
      } catch (error) {
        if (error instanceof AddressRefused) return { outcome: "refused", why: error.message };
        return { outcome: "later", unsure: true };
      }
    },
    close: () => poster.close(),
  };
}

async function headersOf({ keys, clock, subject }: WebSenderDeps, endpoint: string, message: PushMessage) {
  const { publicKey, privateJwk } = await keys.load();
  const { importJWK, SignJWT } = await loadJose();
  const signed = await new SignJWT({ aud: new URL(endpoint).origin, sub: subject })
    .setProtectedHeader({ typ: "JWT", alg: "ES256" })
    .setExpirationTime(Math.floor(clock.now() / 1000) + signatureSec)
    .sign(await importJWK({ ...privateJwk }, "ES256"));
  return {
    authorization: `vapid t=${signed}, k=${publicKey}`,
    "content-encoding": "aes128gcm",
    "content-type": "application/octet-stream",
    ttl: String(message.ttlSec),
    // What is shown as a notification may be: a missed call is no hurry.
    urgency: message.content.kind === "ring" ? "high" : "normal",
    topic: topicOf(message.content.callId),
  };
}

/** At most 32 characters of base64url; a stop takes the place of a ring that was not brought yet. */
function topicOf(callId: string): string {
  const plain = callId.replaceAll("-", "");
  if (/^[A-Za-z0-9_-]{1,32}$/.test(plain)) return plain;
  return createHash("sha256").update(callId).digest("base64url").slice(0, 32);
}

/** As a browser shows it that knows declarative push, and as our service worker reads it. */
function payloadOf({ content, title, body }: PushMessage, pageUrl: string): object {
  const { callId, kind, unseenMissed } = content;
  const navigate = `${pageUrl}/?call=${encodeURIComponent(callId)}`;
  const badge = unseenMissed === undefined ? {} : { app_badge: unseenMissed };
  const notification = { title, body, navigate, tag: callId, silent: kind === "stop", ...badge };
  return { web_push: 8030, mutable: true, notification, echoo: content };
}

async function encrypted({ keys }: Subscription, text: string): Promise<Buffer> {
  const { default: ece } = await import("http_ece");
  const own = createECDH("prime256v1");
  own.generateKeys();
  const params = { version: "aes128gcm", privateKey: own, dh: keys.p256dh, authSecret: keys.auth } as const;
  return ece.encrypt(Buffer.from(text), params);
}

function resultOf({ status, headers, body }: PostReply, nowMs: Instant): SendResult {
  if (status >= 200 && status < 300) return { outcome: "accepted" };
  if (status === 404 || status === 410) return { outcome: "gone" };
  if (status === 429 || status >= 500) {
    const retryInMs = retryAfterMs(headers["retry-after"], nowMs);
    return { outcome: "later", unsure: status >= 500, ...(retryInMs === undefined ? {} : { retryInMs }) };
  }
  return { outcome: "refused", why: `${status} ${body.slice(0, 200)}` };
}
