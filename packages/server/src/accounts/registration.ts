import type { Clock, Live, Store, Token, User } from "@echoo/core";
import { echoUserId, normalisePhone, Refusal } from "@echoo/protocol";
import type { Accounts } from "./accounts.ts";
import type { ConnectionFacts } from "./connection-facts.ts";
import { needsOwnToken } from "./open-access.ts";
import type { IssuedToken } from "./tokens.ts";

interface RegistrationRequest {
  readonly phone: string;
  readonly displayName?: string | undefined;
  readonly otp?: string | undefined;
  readonly device?: string | undefined;
}

interface Registered {
  readonly user: User;
  readonly created: boolean;
  readonly issued: IssuedToken;
}

/** Registers a number or logs it in: one endpoint for both, so that its answer does not tell which numbers exist. */
export interface Registration {
  /** `bearer` is the token that came with the request, already verified. */
  register(request: RegistrationRequest, facts: ConnectionFacts, bearer: Pick<Token, "userId"> | undefined): Promise<Registered>;
  /** Makes a development code, where open access covers the request. */
  makeCode(phone: string, facts: ConnectionFacts): Promise<string>;
  /** Registers or logs in by a code alone: unlike with `register`, it must be there and right. */
  redeemCode(request: RegistrationRequest & { readonly otp: string }, facts: ConnectionFacts): Promise<Registered>;
}

interface RegistrationDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, "openAccess" | "tokens" | "codes">;
  readonly live: Pick<Live, "tokenRevoked" | "personChanged">;
}

export function createRegistration(deps: RegistrationDeps): Registration {
  const { store, clock, accounts, live } = deps;

  async function ensureUser(
    userId: string,
    displayName: string | undefined,
  ): Promise<{ user: User; created: boolean }> {
    const named = displayName === undefined ? {} : { displayName };
    const { user, created } = await store.users.ensure(userId, named, clock.now());
    const renames = !created && displayName !== undefined && displayName !== user.displayName;
    const current = renames ? ((await store.users.update(userId, named)) ?? user) : user;
    if (created || renames) await live.personChanged(userId);
    return { user: current, created };
  }

  async function signIn(userId: string, request: RegistrationRequest): Promise<Registered> {
    const { user, created } = await ensureUser(userId, request.displayName);
    const issued = await accounts.tokens.issue(userId, request.device);
    for (const tokenId of issued.evicted) live.tokenRevoked(tokenId);
    return { user, created, issued };
  }

  return {
    async register(request, facts, bearer) {
      const userId = userIdOf(request.phone);
      if (bearer !== undefined && bearer.userId !== userId) {
        throw new Refusal("forbidden", { message: "The token that came along belongs to somebody else." });
      }
      if (bearer === undefined) demandOpenAccess(deps, facts, await store.users.find(userId));
      // Open access is enough by itself. The answer to a code that was sent must be right all the same.
      if (request.otp !== undefined && (await accounts.codes.isPending(userId))) {
        await accounts.codes.redeem(userId, request.otp);
      }
      return signIn(userId, request);
    },

    async makeCode(phone, facts) {
      const userId = userIdOf(phone);
      demandOpenAccess(deps, facts, await store.users.find(userId));
      return accounts.codes.make(userId, undefined);
    },

    async redeemCode(request, facts) {
      const userId = userIdOf(request.phone);
      // The code is a development code, which proves nothing: where it could not be made, it does not count either.
      demandOpenAccess(deps, facts, await store.users.find(userId));
      await accounts.codes.redeem(userId, request.otp);
      return signIn(userId, request);
    },
  };
}

/**
 * The only way in without a token in this version: development codes prove nothing and go out where open access covers
 * the request anyway, and it has no other way to prove a number yet.
 */
function demandOpenAccess({ accounts }: RegistrationDeps, facts: ConnectionFacts, user: User | undefined): void {
  // The same answer for known and unknown numbers where nothing is open.
  const coverage = accounts.openAccess.coverage(facts);
  if (!coverage.covered) throw new Refusal("proof_not_configured");
  if (needsOwnToken(user)) {
    throw new Refusal("proof_not_configured", {
      message: "This number needs proof, and no way to prove it is set up.",
    });
  }
}

function userIdOf(phone: string): string {
  if (phone === echoUserId) throw new Refusal("forbidden", { message: "That name is reserved." });
  const userId = normalisePhone(phone);
  if (userId !== undefined) return userId;
  throw new Refusal("invalid", { details: [{ path: "phone", message: "a phone number of 3 to 15 digits" }] });
}
