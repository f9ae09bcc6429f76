import { type JWTPayload, SignJWT } from "jose";
import { audience, issuer, KeyServer } from "./key-server.ts";

const expected = { ECHOO_JWT_ISSUER: issuer, ECHOO_JWT_AUDIENCE: audience };

/** A product whose tokens a server takes: how that server is set up, and what signs them. */
export interface HostProduct {
  readonly env: Readonly<Record<string, string>>;
  sign(claims: JWTPayload): Promise<string>;
}

export async function withSecret(): Promise<HostProduct> {
  const secret = "a secret that both sides know, 32 characters or more";
  const key = new TextEncoder().encode(secret);
  return {
    env: { ...expected, ECHOO_JWT_SECRET: secret },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(key),
  };
}

export async function withKeys(t: Parameters<typeof KeyServer.start>[0]): Promise<HostProduct> {
  const product = await KeyServer.start(t);
  await product.addKey("one");
  return { env: { ...expected, ECHOO_JWKS_URL: product.url }, sign: (claims) => product.sign(claims) };
}
