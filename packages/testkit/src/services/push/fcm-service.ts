import { generateKeyPairSync, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PushAnswer } from "./web-push-service.ts";

/** A message of FCM HTTP v1 as it was taken. */
interface FcmMessage {
  readonly token: string;
  readonly data: Readonly<Record<string, string>>;
  readonly android: { readonly priority: string; readonly ttl: string; readonly collapse_key: string };
}

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const scope = "https://www.googleapis.com/auth/firebase.messaging";

/** Google's token endpoint and FCM HTTP v1, as their documents have them; a service account of its own. */
export class FcmService {
  readonly messages: FcmMessage[] = [];
  readonly faults: string[] = [];
  /** How many tokens were given out. */
  tokens = 0;
  requests = 0;
  answer: PushAnswer = { status: 200 };
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #server = createServer((request, response) => void this.#take(request, response));

  static async start(): Promise<FcmService> {
    const service = new FcmService();
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The file that Firebase gives for a service account. */
  get credentials(): string {
    return JSON.stringify({
      type: "service_account",
      project_id: "echoo-test",
      private_key: this.#keys.privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: "push@echoo-test.example",
      token_uri: `${this.origin}/token`,
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const answer = (status: number, json: object, headers = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));
    if (request.url === "/token") {
      const fault = this.#faultOfGrant(new URLSearchParams(body));
      if (fault !== undefined) this.faults.push(fault);
      if (fault !== undefined) return void answer(400, { error: "invalid_grant", error_description: fault });
      this.tokens += 1;
      return void answer(200, { access_token: `token ${this.tokens}`, expires_in: 3600, token_type: "Bearer" });
    }
    this.requests += 1;
    if (this.answer === "hang") return;
    const { status, retryAfter } = this.answer;
    if (status !== 200) {
      const code = status === 404 ? "UNREGISTERED" : "OTHER";
      const details = [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode: code }];
      return void answer(status, { error: { code: status, details } }, retryAfter ? { "retry-after": retryAfter } : {});
    }
    const fault = this.#faultOf(request, JSON.parse(body));
    if (fault !== undefined) this.faults.push(fault);
    answer(
      fault === undefined ? 200 : 400,
      fault === undefined ? { name: "projects/echoo-test/messages/1" } : { fault },
    );
  }

  #faultOfGrant(form: URLSearchParams): string | undefined {
    if (form.get("grant_type") !== grantType) return "another grant";
    const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    const signed = Buffer.from(`${head}.${claims}`);
    if (!verify("sha256", signed, this.#keys.publicKey, Buffer.from(signature, "base64url"))) return "not signed";
    const { iss, aud, scope: asked, iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
    const isRight = iss === "push@echoo-test.example" && aud === `${this.origin}/token` && asked === scope;
    return isRight && exp - iat <= 3600 ? undefined : "claims that do not fit";
  }

  #faultOf(request: IncomingMessage, { message }: { message: FcmMessage }): string | undefined {
    if (request.url !== "/v1/projects/echoo-test/messages:send") return `the path ${request.url}`;
    if (request.headers.authorization !== `Bearer token ${this.tokens}`) return "without its token";
    if (!Object.values(message.data).every((value) => typeof value === "string")) return "data that is no text";
    if (!/^(high|normal)$/.test(message.android.priority)) return "a priority that there is not";
    if (!/^\d+s$/.test(message.android.ttl)) return "a ttl that is none";
    this.messages.push(message);
    return undefined;
  }
}
