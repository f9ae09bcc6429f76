import type { ClientHttp2Session, ClientHttp2Stream, connect } from "node:http2";
import type { Clock, Instant } from "@echoo/core";
import { loadJose } from "./load-jose.ts";
import { type PushMessage, type PushSender, retryAfterMs, type SendResult, sendMs } from "./push-sender.ts";

interface ApnsSenderDeps {
  /** The key that Apple gave for push: PKCS #8, PEM. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  /** The app's bundle id. */
  readonly topic: string;
  readonly origin: string;
  readonly clock: Clock;
  /** Of a test's own server; that of the system otherwise. */
  readonly ca?: string;
}

/** Node's own way to connect: loaded with the first push, for most servers push nothing to Apple's devices. */
type Connect = typeof connect;

interface ApnsAddress {
  readonly token?: string;
  readonly voipToken: string;
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly reason: string;
}

/** Apple takes a token between 20 and 60 minutes old. */
const tokenMs = 40 * 60_000;
const replyCharsMax = 4_096;

/** Pushes to iOS apps over HTTP/2: rings by VoIP, which must be told to CallKit, and all else as alerts. */
export function createApnsSender(deps: ApnsSenderDeps): PushSender {
  const { clock, topic } = deps;
  const link = new ApnsLink(deps);
  let signed: { readonly text: Promise<string>; readonly renewAtMs: Instant } | undefined;

  function authorization(): Promise<string> {
    if (signed === undefined || signed.renewAtMs <= clock.now()) {
      signed = { text: sign(deps), renewAtMs: clock.now() + tokenMs };
    }
    return signed.text;
  }

  return {
    async send(address, message) {
      const { token, voipToken } = JSON.parse(address) as ApnsAddress;
      const isRing = message.content.kind === "ring";
      const device = isRing ? voipToken : token;
      // Nothing but a ring may come by VoIP, and this app takes no alerts.
      if (device === undefined) return { outcome: "refused", why: "the device registered no token for alerts" };
      try {
        const headers = {
          ":method": "POST",
          ":path": `/3/device/${device}`,
          authorization: `bearer ${await authorization()}`,
          "apns-topic": isRing ? `${topic}.voip` : topic,
          "apns-push-type": isRing ? "voip" : "alert",
          "apns-priority": "10",
          "apns-expiration": String(message.expiresAtSec),
          "apns-collapse-id": message.content.callId,
        };
        const http2 = await import("node:http2");
        return resultOf(await link.post(http2.connect, headers, JSON.stringify(payloadOf(message))), clock.now());
      } catch {
        return { outcome: "later", unsure: true };
      }
    },
    close: () => link.close(),
  };
}

async function sign({ key, keyId, teamId, clock }: ApnsSenderDeps): Promise<string> {
  const { importPKCS8, SignJWT } = await loadJose();
  const imported = await importPKCS8(key, "ES256");
  return new SignJWT()
    .setProtectedHeader({ alg: "ES256", kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt(Math.floor(clock.now() / 1000))
    .sign(imported);
}

function payloadOf({ content, title, body }: PushMessage): object {
  if (content.kind === "ring") return { aps: {}, ...content };
  const badge = content.unseenMissed === undefined ? {} : { badge: content.unseenMissed };
  return { aps: { alert: { title, body }, "thread-id": "calls", ...badge }, ...content };
}

function resultOf({ status, retryAfter, reason }: Reply, nowMs: Instant): SendResult {
  if (status === 200) return { outcome: "accepted" };
  if (status === 410) return { outcome: "gone" };
  if (status === 429 || status >= 500) {
    const retryInMs = retryAfterMs(retryAfter, nowMs);
    return { outcome: "later", unsure: status >= 500, ...(retryInMs === undefined ? {} : { retryInMs }) };
  }
  return { outcome: "refused", why: `${status} ${reason}` };
}

/** One connection for all pushes, made anew when it is gone. */
class ApnsLink {
  readonly #deps: ApnsSenderDeps;
  #session: ClientHttp2Session | undefined;

  constructor(deps: ApnsSenderDeps) {
    this.#deps = deps;
  }

  post(connectTo: Connect, headers: Readonly<Record<string, string>>, body: string): Promise<Reply> {
    const stream = this.#open(connectTo).request(headers);
    const cancel = this.#deps.clock.after(sendMs, () => {
      stream.destroy(new Error(`no answer within ${sendMs} ms`));
      // It may be the connection that hangs.
      this.close();
    });
    const reply = readReply(stream).finally(cancel);
    stream.end(body);
    return reply;
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #open(connectTo: Connect): ClientHttp2Session {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const { origin, ca } = this.#deps;
    const session = connectTo(origin, ca === undefined ? {} : { ca });
    // Each push that was under way fails by itself.
    session.on("error", () => {});
    session.on("goaway", () => {
      if (this.#session === session) this.#session = undefined;
    });
    session.unref();
    this.#session = session;
    return session;
  }
}

async function readReply(stream: ClientHttp2Stream): Promise<Reply> {
  let [status, text] = [0, ""];
  let retryAfter: string | undefined;
  stream.on("response", (headers) => {
    status = headers[":status"] ?? 0;
    retryAfter = headers["retry-after"];
  });
  stream.setEncoding("utf8");
  for await (const chunk of stream) if (text.length < replyCharsMax) text += chunk;
  if (status === 0) throw new Error("the connection was closed");
  return { status, retryAfter, reason: text.slice(0, 200) };
}
