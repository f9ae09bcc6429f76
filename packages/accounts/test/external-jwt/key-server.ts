import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

type Behaviour = (response: ServerResponse) => void;
interface PublishedKey {
  readonly alg: string;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
}
interface SignOptions {
  readonly kid?: string;
  /** Signed by this key all the same, but without naming it. */
  readonly unnamed?: true;
  /** Instead of what a header usually says, or besides. */
  readonly header?: Readonly<Record<string, string>>;
}

export const issuer = "https://login.example.com";
export const audience = "calls";

/** A host product with users of its own: signs tokens, and publishes its keys on loopback as such products do. */
export class KeyServer {
  /** How often the keys were asked for. */
  requests = 0;
  /** Instead of the keys. */
  behaviour: Behaviour | undefined;
  readonly #keys = new Map<string, PublishedKey>();
  readonly #hidden = new Set<string>();
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((_request, response) => {
      this.requests += 1;
      if (this.behaviour) this.behaviour(response);
      else response.setHeader("content-type", "application/jwk-set+json").end(JSON.stringify(this.keySet()));
    });
  }

  static async start(t: { after(run: () => Promise<void>): void }): Promise<KeyServer> {
    const server = new KeyServer();
    await server.listen();
    t.after(() => server.stop());
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/.well-known/jwks.json`;
  }

  /** On the same port as before, after a `stop`. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Makes a key; a hidden one signs, and is not published yet. */
  async addKey(kid: string, alg = "ES256", options: { hidden?: true } = {}): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.#keys.set(kid, { alg, publicJwk: await exportJWK(publicKey), privateKey });
    if (options.hidden) this.#hidden.add(kid);
  }

  publish(kid: string): void {
    this.#hidden.delete(kid);
  }

  withdraw(kid: string): void {
    this.#hidden.add(kid);
  }

  keySet(): { keys: JWK[] } {
    const shown = [...this.#keys].filter(([kid]) => !this.#hidden.has(kid));
    return { keys: shown.map(([kid, { alg, publicJwk }]) => ({ ...publicJwk, kid, alg, use: "sig" })) };
  }

  publicJwk(kid: string): JWK {
    return this.#key(kid).publicJwk;
  }

  /** Exactly these claims, signed by the key. */
  sign(claims: JWTPayload, { kid = "one", unnamed, header }: SignOptions = {}): Promise<string> {
    const { alg, privateKey } = this.#key(kid);
    return new SignJWT(claims).setProtectedHeader({ alg, ...(unnamed ? {} : { kid }), ...header }).sign(privateKey);
  }

  #key(kid: string): PublishedKey {
    const key = this.#keys.get(kid);
    if (!key) throw new Error(`there is no key ${kid}`);
    return key;
  }
}

/** What a good token says at that moment; `undefined` leaves a claim out. */
export function goodClaims(nowMs: number, changes: Record<string, unknown> = {}): JWTPayload {
  const nowSec = Math.floor(nowMs / 1000);
  const claims = { iss: issuer, aud: audience, sub: "ann@example.com", iat: nowSec, exp: nowSec + 600, ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) as JWTPayload;
}

/** A token put together by hand: whatever header, whatever claims, whatever third part. */
export function rawToken(header: object, claims: object, signature = ""): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims)}.${signature}`;
}
