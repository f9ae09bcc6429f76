import { type Clock, type Store, StoreUnavailable } from "@echoo/core";
import { echoUserId, Refusal, readUserId, type UserIdRule, userIdMust } from "@echoo/protocol";
import { type ClientAddress, clientOf } from "../addresses/client-address.ts";
import type { ConnectionFacts } from "../addresses/connection-facts.ts";
import type { TrustedProxies } from "../addresses/trusted-proxies.ts";
import type { VerifiedAddresses } from "../addresses/verified-addresses.ts";
import type { Credentials } from "../tokens/credentials.ts";
import type { GoodToken } from "../tokens/good-token.ts";
import type { UserFactsCache } from "../user-facts/user-facts-cache.ts";
import { needsOwnToken } from "./open-access.ts";
import type { OpenAccess } from "./open-access-watch.ts";

/** Who says they are who, on a socket or in a request. */
interface Claim {
  readonly userId?: string | undefined;
  readonly token?: string | undefined;
}

export type AuthResult =
  | {
      readonly ok: true;
      readonly userId: string;
      /** Absent without a token: open access, or an address that used one lately. */
      readonly token?: GoodToken;
      /** Who comes from an address that used this token lately: good as long as it is, and no proof of having it. */
      readonly voucher?: GoodToken;
      readonly viaOpenAccess: boolean;
    }
  | {
      readonly ok: false;
      readonly code: "unauthorized" | "unavailable" | "invalid";
      readonly message: string;
      /** With `unauthorized`: when a new token will be good. */
      readonly retryInMs?: number;
    };

/** Decides who speaks on a socket. */
export interface Authenticator {
  /**
   * A token that is sent decides who speaks: a wrong one is refused, and so is one of another user than the one named.
   * Without one, open access must cover the connection and the number must never have been proven; the user is created
   * then. Never throws: a store that is away is `unavailable`, and so are the keys of the host product.
   */
  admit(claim: Claim, facts: ConnectionFacts): Promise<AuthResult>;
}

interface AuthenticatorDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly userIdRule: UserIdRule;
  readonly openAccess: OpenAccess;
  /** Another user may have asked about a number before it joined for the first time. */
  readonly userFacts: Pick<UserFactsCache, "refresh">;
  readonly trustProxy: TrustedProxies | undefined;
  /** Where an app may join without its token from an address that used it lately. */
  readonly verifiedAddresses: VerifiedAddresses | undefined;
}

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  return {
    async admit(claim, facts) {
      try {
        return claim.token === undefined ? await admitUser(deps, claim.userId, facts) : await admitToken(deps, claim);
      } catch (error) {
        if (error instanceof Refusal && (error.code === "unavailable" || error.code === "unauthorized")) {
          const retry = error.retryInMs === undefined ? {} : { retryInMs: error.retryInMs };
          return { ok: false, code: error.code, message: error.message, ...retry };
        }
        if (!(error instanceof StoreUnavailable)) throw error;
        return { ok: false, code: "unavailable", message: "The database is away for a moment; try again." };
      }
    },
  };
}

async function admitToken({ credentials, clock, userIdRule }: AuthenticatorDeps, claim: Claim): Promise<AuthResult> {
  const askedAtMs = clock.steady();
  const token = await credentials.check(claim.token ?? "");
  if (token === undefined) return refuse("The token is unknown, expired or revoked.");
  if (claim.userId !== undefined && readUserId(claim.userId, userIdRule) !== token.userId) {
    return refuse("The token belongs to another user.");
  }
  await credentials.welcome(token, askedAtMs);
  return { ok: true, userId: token.userId, token, viaOpenAccess: false };
}

async function admitUser(
  deps: AuthenticatorDeps,
  named: string | undefined,
  facts: ConnectionFacts,
): Promise<AuthResult> {
  if (named === undefined) return invalid("Say who you are: userId, or a token.");
  if (named === echoUserId) return invalid("That name is reserved.");
  const userId = readUserId(named, deps.userIdRule);
  if (userId === undefined) return invalid(`userId must be ${userIdMust[deps.userIdRule]}.`);
  const coverage = deps.openAccess.coverage(facts);
  const user = await deps.store.users.find(userId);
  if (coverage.covered && !needsOwnToken(user)) {
    if (user !== undefined) return { ok: true, userId, viaOpenAccess: true };
    const made = await deps.store.users.ensure(userId, {}, deps.clock.now());
    await deps.userFacts.refresh(userId);
    // Its owner may have proven it while this was decided.
    if (!needsOwnToken(made.user)) return { ok: true, userId, viaOpenAccess: true };
  }
  const from = clientOf(facts, deps.trustProxy);
  const voucher = user === undefined || user.admin ? undefined : await voucherFor(deps, userId, from);
  if (voucher) return { ok: true, userId, voucher, viaOpenAccess: false };
  return refuse(coverage.covered ? "This number needs its token." : `A token is needed: ${coverage.why}.`);
}

/** A token of this user that came from this address lately and was neither revoked nor left to expire since. */
async function voucherFor(
  deps: AuthenticatorDeps,
  userId: string,
  from: ClientAddress,
): Promise<GoodToken | undefined> {
  for (const { token, usedAtMs } of (await deps.verifiedAddresses?.seen(userId, from)) ?? []) {
    if (await deps.credentials.isStillGood(token, usedAtMs)) return token;
  }
  return undefined;
}

function refuse(message: string): AuthResult {
  return { ok: false, code: "unauthorized", message };
}

function invalid(message: string): AuthResult {
  return { ok: false, code: "invalid", message };
}
