import { createHash } from "node:crypto";
import type { Clock } from "@echoo/core";
import { cutName, limits, Refusal, readUserId } from "@echoo/protocol";
import type { CryptoKey, JWTPayload, JWTVerifyOptions } from "jose";
import type { GoodToken } from "../tokens/good-token.ts";
import { clockSkewMs, clockSkewSec } from "./clock-skew.ts";
import type { ExternalJwtKeys } from "./external-jwt-keys.ts";
import { loadJose } from "./load-jose.ts";
import type { RevokedExternalTokens } from "./revoked-external-tokens.ts";

/** The host product's own tokens, as an alternative to those that Echoo gives out. */
export interface ExternalJwts {
  /**
   * Undefined for whatever is no good token; rejects with the refusal `unavailable` while it cannot be told, and with
   * `unauthorized` where its user needs a newer one than can be had at this moment.
   */
  verify(jwt: string): Promise<GoodToken | undefined>;
}

interface ExternalJwtsDeps {
  readonly keys: ExternalJwtKeys;
  readonly withdrawn: RevokedExternalTokens;
  readonly clock: Clock;
  readonly userClaim: string;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** Told why a token was refused, for the log: its sender learns nothing. */
  readonly onRefused: (why: string) => void;
  /** Told of a token that is good and from later than clocks may differ: what is withdrawn does not hold such ones. */
  readonly onAhead: (aheadSec: number) => void;
}

interface SignedToken {
  readonly token: GoodToken;
  readonly issuedAtSec: number | undefined;
}

export function createExternalJwts(deps: ExternalJwtsDeps): ExternalJwts {
  const { clock } = deps;
  const read = signedTokenReader(deps);

  return {
    async verify(jwt) {
      const found = await read(jwt);
      if (typeof found === "string") {
        deps.onRefused(found);
        return undefined;
      }
      const { token, issuedAtSec } = found;
      const withdrawn = await deps.withdrawn.find(token, issuedAtSec);
      if (withdrawn === undefined) {
        const aheadMs = (issuedAtSec ?? 0) * 1000 - clock.now();
        if (aheadMs > clockSkewMs) deps.onAhead(Math.round(aheadMs / 1000));
        return token;
      }
      deps.onRefused("it was logged out, or its account erased");
      if (withdrawn.retryInMs !== undefined) throw needsNewer(withdrawn.retryInMs);
      return undefined;
    },
  };
}

/** Tells what a token says that is signed as it should be, and has not run out; else why it is none. */
function signedTokenReader(deps: ExternalJwtsDeps): (jwt: string) => Promise<SignedToken | string> {
  const { keys, clock, userClaim, issuer, audience } = deps;
  const options: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    requiredClaims: ["iss", "aud", "exp"],
    clockTolerance: clockSkewSec,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };

  function tokenOf(jwt: string, claims: JWTPayload): GoodToken | string {
    const userId = userOf(claims, userClaim);
    if (userId === undefined) return `${userClaim} is no user id`;
    if (!isNamed(claims.iss) || !isAddressed(claims.aud)) return "iss or aud is empty";
    const nowMs = clock.now();
    const endMs = (claims.exp ?? 0) * 1000;
    // One that is taken late, for the clocks may differ, is good for what is left of that time.
    const expiresAtMs = Math.min(endMs > nowMs ? endMs : endMs + clockSkewMs, limits.latestTimeMs);
    // Without the signature, which can be written in several ways: one that was logged out stays so in any of them.
    const id = `jwt:${createHash("sha256")
      .update(jwt.slice(0, jwt.lastIndexOf(".")))
      .digest("base64url")}`;
    return { id, userId, expiresAtMs, kind: "host", ...named(claims.name) };
  }

  async function claimsOf(jwt: string): Promise<JWTPayload> {
    const { errors, jwtVerify } = await loadJose();
    const now = { ...options, currentDate: new Date(clock.now()) };
    try {
      return (await jwtVerify(jwt, keys.keyFor, now)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return firstVerified(error, async (key) => (await jwtVerify(jwt, key, now)).payload);
    }
  }

  return async (jwt) => {
    try {
      const claims = await claimsOf(jwt);
      const token = tokenOf(jwt, claims);
      return typeof token === "string" ? token : { token, issuedAtSec: claims.iat };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // Whatever the library throws is about the token alone: its keys were read before.
      return (error as { code?: string }).code ?? String(error);
    }
  };
}

function needsNewer(retryInMs: number): Refusal {
  const seconds = Math.ceil(retryInMs / 1000);
  const message = `All tokens of this user ended a moment ago. A new one that is issued in ${seconds} s will be good.`;
  return new Refusal("unauthorized", { message, retryInMs });
}

/** A token that names no key, where several fit: the first that verifies it counts. */
async function firstVerified(
  keys: AsyncIterable<CryptoKey>,
  verify: (key: CryptoKey) => Promise<JWTPayload>,
): Promise<JWTPayload> {
  const { errors } = await loadJose();
  for await (const key of keys) {
    try {
      return await verify(key);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function userOf(claims: JWTPayload, claim: string): string | undefined {
  const user = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  // As it stands: a number with spaces would be another user's number, or none.
  return typeof user === "string" && readUserId(user, "host") === user ? user : undefined;
}

function isNamed(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isAddressed(audience: unknown): boolean {
  return Array.isArray(audience) ? audience.length > 0 && audience.every(isNamed) : isNamed(audience);
}

function named(name: unknown): { displayName?: string } {
  if (typeof name !== "string") return {};
  const displayName = cutName(name, limits.displayNameChars);
  return displayName === "" ? {} : { displayName };
}
