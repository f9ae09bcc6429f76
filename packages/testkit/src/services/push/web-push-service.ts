import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PushSubscriptionKeys } from "./decrypt-push.ts";

/** A push that was taken, read with the keys of its subscription. */
export interface TakenPush {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it has in it is for the test to say
  readonly payload: any;
  readonly ttl: number;
  readonly urgency: string;
  readonly topic: string;
  readonly subject: string;
}

/** How the next pushes are answered: with a status, or not at all. */
export type PushAnswer = { readonly status: number; readonly retryAfter?: string } | "hang";

/**
 * A push service for browsers (RFC 8030), which holds those who push to what the text says: encrypted for the
 * subscription (RFC 8291), signed by the key that it was made for (RFC 8292), a TTL, an urgency and a topic that exist.
 */
export class WebPushService {
  readonly #taken: TakenPush[] = [];
  readonly #waiters: ((push: TakenPush) => void)[] = [];
  /** What was wrong with pushes that were refused with 400, 401, 403 or 413. */
  readonly faults: string[] = [];
  /** How many requests came, whatever became of them. */
  requests = 0;
  answer: PushAnswer = { status: 201 };
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #subscriptions = new Map<string, { readonly keys: PushSubscriptionKeys; readonly serverKey: string }>();

  static async start(): Promise<WebPushService> {
    const service = new WebPushService();
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  /** A new subscription as `PushSubscription.toJSON()` gives it, for the key of a server. */
  subscribe(name: string, serverKey: string) {
    const keys = new PushSubscriptionKeys();
    this.#subscriptions.set(name, { keys, serverKey });
    return { endpoint: `${this.origin}/push/${name}`, expirationTime: null, keys: keys.public };
  }

  /** The next push that was taken. */
  next(): Promise<TakenPush> {
    const push = this.#taken.shift();
    return push ? Promise.resolve(push) : new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Those that were taken, and not asked for yet. */
  get waiting(): readonly TakenPush[] {
    return this.#taken;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { answer } = this;
    if (answer === "hang") return;
    const name = /^\/push\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "";
    const fault = answer.status === 201 ? this.#read(name, request, Buffer.concat(chunks)) : undefined;
    if (fault !== undefined) this.faults.push(fault.why);
    if (answer.status !== 201 && answer.retryAfter !== undefined) response.setHeader("Retry-After", answer.retryAfter);
    response.writeHead(fault?.status ?? answer.status).end(fault?.why ?? "");
  }

  #read(name: string, request: IncomingMessage, body: Buffer): { status: number; why: string } | undefined {
    const subscription = this.#subscriptions.get(name);
    if (!subscription) return { status: 404, why: "no such subscription" };
    if (body.length > 4096) return { status: 413, why: "more than 4,096 bytes" };
    const { headers } = request;
    const ttl = Number(headers.ttl);
    if (!Number.isInteger(ttl) || ttl < 0) return { status: 400, why: "a push needs a TTL" };
    const urgency = String(headers.urgency ?? "normal");
    if (!["very-low", "low", "normal", "high"].includes(urgency)) return { status: 400, why: `urgency ${urgency}` };
    const topic = String(headers.topic ?? "");
    if (!/^[A-Za-z0-9_-]{0,32}$/.test(topic)) return { status: 400, why: `topic ${topic}` };
    if (headers["content-encoding"] !== "aes128gcm") return { status: 400, why: "another encoding" };
    const vapid = readVapid(headers.authorization ?? "", this.origin, subscription.serverKey);
    if (typeof vapid === "string") return { status: 403, why: vapid };
    const payload = JSON.parse(subscription.keys.decrypt(body));
    const push = { name, payload, ttl, urgency, topic, subject: vapid.sub };
    const waiter = this.#waiters.shift();
    if (waiter) waiter(push);
    else this.#taken.push(push);
    return undefined;
  }
}

function readVapid(header: string, audience: string, serverKey: string): string | { readonly sub: string } {
  const [, token = "", key = ""] = /^vapid t=([^,]+), ?k=([\w-]+)$/.exec(header) ?? [];
  if (key !== serverKey) return "signed by another key than the subscription is for";
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const jwk = { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const isSigned = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) return "the signature is not good";
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, "base64url").toString());
  if (aud !== audience) return `for ${aud}`;
  if (typeof exp !== "number") return "without an end";
  if (!/^(mailto:|https?:)/.test(sub)) return `the subject ${sub}`;
  return { sub };
}
