import { generateKeyPairSync, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { PushAnswer } from "./web-push-service.ts";

interface ApnsPush {
  readonly device: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: what it has in it is for the test to say
  readonly payload: any;
}

/** Apple's push service over HTTP/2, without TLS, as its documents have it. */
export class ApnsService {
  readonly pushes: ApnsPush[] = [];
  readonly faults: string[] = [];
  requests = 0;
  answer: PushAnswer = { status: 200 };
  readonly keyId = "KEY1234567";
  readonly teamId = "TEAM123456";
  readonly topic = "com.example.echoo";
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #server = createServer();
  readonly #sessions = new Set<ServerHttp2Session>();

  static async start(): Promise<ApnsService> {
    const service = new ApnsService();
    service.#server.on("session", (session) => service.#sessions.add(session));
    service.#server.on("stream", (stream, headers) => void service.#take(stream, headers).catch(() => {}));
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The `.p8` file that Apple gives. */
  get key(): string {
    return String(this.#keys.privateKey.export({ type: "pkcs8", format: "pem" }));
  }

  get connections(): number {
    return this.#sessions.size;
  }

  /** As Apple does now and then. */
  closeConnections(): void {
    for (const session of this.#sessions) session.destroy();
  }

  async close(): Promise<void> {
    this.closeConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    this.requests += 1;
    let body = "";
    stream.setEncoding("utf8").on("error", () => {});
    for await (const chunk of stream) body += chunk;
    if (this.answer === "hang") return;
    const { status, retryAfter } = this.answer;
    const fault = status === 200 ? this.#faultOf(headers, body) : undefined;
    if (fault !== undefined) this.faults.push(fault);
    const retry = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    stream.respond({ ":status": fault === undefined ? status : 400, ...retry });
    stream.end(status === 200 && fault === undefined ? "" : JSON.stringify({ reason: fault ?? "Other" }));
  }

  #faultOf(headers: IncomingHttpHeaders, body: string): string | undefined {
    const device = /^\/3\/device\/(\w+)$/.exec(String(headers[":path"]))?.[1];
    if (device === undefined) return "BadPath";
    const bearer = /^bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    const [head = "", claims = "", signature = ""] = bearer.split(".");
    const key = { key: this.#keys.publicKey, dsaEncoding: "ieee-p1363" } as const;
    const isSigned = verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"));
    if (!isSigned) return "InvalidProviderToken";
    const { alg, kid } = JSON.parse(Buffer.from(head, "base64url").toString());
    const { iss } = JSON.parse(Buffer.from(claims, "base64url").toString());
    if (alg !== "ES256" || kid !== this.keyId || iss !== this.teamId) return "InvalidProviderToken";
    const isVoip = headers["apns-push-type"] === "voip";
    if (headers["apns-topic"] !== (isVoip ? `${this.topic}.voip` : this.topic)) return "BadTopic";
    if (!isVoip && headers["apns-push-type"] !== "alert") return "InvalidPushType";
    if (!/^\d+$/.test(String(headers["apns-expiration"]))) return "BadExpirationDate";
    if (String(headers["apns-collapse-id"]).length > 64) return "BadCollapseId";
    if (body.length > (isVoip ? 5120 : 4096)) return "PayloadTooLarge";
    const payload = JSON.parse(body);
    if (typeof payload.aps !== "object" || (!isVoip && payload.aps.alert === undefined)) return "BadPayload";
    this.pushes.push({ device, headers, payload });
    return undefined;
  }
}
