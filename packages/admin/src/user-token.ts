import { createHmac } from "node:crypto";
import { newId, nowMs } from "./platform.ts";

export interface UserTokenOptions {
  /** `ECHOO_JWT_SECRET`: at least 32 characters. */
  readonly secret: string;
  /** `ECHOO_JWT_ISSUER`. */
  readonly issuer: string;
  /** `ECHOO_JWT_AUDIENCE`. */
  readonly audience: string;
  /** What the user is called, until they choose another name. */
  readonly name?: string;
  /** 10 minutes by default: the SDK asks for another one by itself. */
  readonly lifeMs?: number;
}

const minSecretChars = 32;
const defaultLifeMs = 600_000;

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token (JWT, HS256) with which one of your own users joins, for `new EchooClient({ token: () => yourEndpoint() })`. */
export function userToken(userId: string, options: UserTokenOptions): string {
  const { secret, issuer, audience, name, lifeMs = defaultLifeMs } = options;
  if (secret.length < minSecretChars) throw new TypeError(`The secret has fewer than ${minSecretChars} characters.`);
  if (userId === "") throw new TypeError("A user has an id.");
  const issuedAt = Math.floor(nowMs() / 1000);
  const claims = {
    sub: userId,
    iss: issuer,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + Math.ceil(lifeMs / 1000),
    jti: newId(),
    ...(name === undefined ? {} : { name }),
  };
  const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
