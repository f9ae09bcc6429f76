import { createHmac, timingSafeEqual } from "node:crypto";
import { EchooAdminError } from "./echoo-admin-error.ts";
import { nowMs } from "./platform.ts";

/** What Echoo posts. Be ready for types and fields that are not known yet. */
export interface WebhookEvent {
  /** Such as `call.ended`. */
  readonly type: string;
  /** The same each time that the event is posted. */
  readonly id: string;
  /** Rises by one with each event of a call or an account. */
  readonly sequence: number;
  /** When it happened, in ISO 8601. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Of `fetch`, of Express or of `node:http`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ReceivedWebhook {
  /** As it came, byte for byte: what a JSON library makes of it is something else. */
  readonly body: string | Uint8Array;
  readonly headers: WebhookHeaders;
  /** `whsec_…`; two while you change it. */
  readonly secret: string | readonly string[];
  /** How far the clocks may be apart, and how old a post may be; 5 minutes by default. */
  readonly toleranceMs?: number;
}

const defaultToleranceMs = 300_000;

/**
 * The event of a post that was signed with your secret, by Standard Webhooks; throws an EchooAdminError for any other. What it
 * gives back was written by your server, and not long ago.
 */
export function verifyWebhook(received: ReceivedWebhook): WebhookEvent {
  const { body, headers, secret, toleranceMs = defaultToleranceMs } = received;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    throw refusal("The body has been parsed: verify it as it came, such as by express.raw().");
  }
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    headerOf(headers, name),
  );
  if (!id || !timestamp || !signatures) throw refusal("A header is missing.");
  const isRecent = Math.abs(nowMs() - Number(timestamp) * 1000) <= toleranceMs;
  if (!/^\d{1,12}$/.test(timestamp) || !isRecent) throw refusal("It was sent too long ago, or a clock is wrong.");
  const expected = [secret].flat().map((one) => {
    const signed = createHmac("sha256", keyOf(one)).update(`${id}.${timestamp}.`).update(body);
    return signed.digest();
  });
  if (!signatures.split(" ").some((one) => isOneOf(expected, one)))
    throw refusal("The signature is not by this secret.");
  return eventOf(body);
}

function refusal(message: string): EchooAdminError {
  return new EchooAdminError("webhook_invalid", message);
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : value?.[0];
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  // An empty key would sign whatever anybody posts.
  if (key.length === 0) throw new TypeError("The secret of the webhook is empty.");
  return key;
}

function isOneOf(expected: readonly Buffer[], signature: string): boolean {
  const [version, value = ""] = signature.split(",");
  const given = Buffer.from(value, "base64");
  return version === "v1" && expected.some((one) => one.length === given.length && timingSafeEqual(one, given));
}

function eventOf(body: string | Uint8Array): WebhookEvent {
  try {
    return JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString("utf8")) as WebhookEvent;
  } catch (cause) {
    throw new EchooAdminError("webhook_invalid", "The body is no JSON.", { cause });
  }
}
