import type { Token } from "@echoo/core";
import { echoUserId, normalisePhone, Refusal } from "@echoo/protocol";
import type { Config } from "../config/read-config.ts";
import type { Logger } from "../logging.ts";
import type { Accounts } from "./accounts.ts";
import { type ClientAddress, countKey } from "./client-address.ts";
import type { CodeGateway } from "./code-gateway.ts";
import type { ConnectionFacts } from "./connection-facts.ts";
import { registerInvited } from "./invited-registration.ts";
import { needsOwnToken } from "./open-access.ts";
import { type Registered, type SignInDeps, signIn } from "./sign-in.ts";

interface RegistrationRequest {
  readonly phone: string;
  readonly displayName?: string | undefined;
  readonly otp?: string | undefined;
  readonly invite?: string | undefined;
  readonly device?: string | undefined;
}

/** Where a request comes from. */
export interface RequestOrigin {
  readonly facts: ConnectionFacts;
  readonly client: ClientAddress;
  /** Names the request in the log and in what its sender is told. */
  readonly requestId: string;
}

/** A code is on its way; a development code comes back with it. */
interface CodeSent {
  readonly expiresInSec: number;
  readonly devOtp?: string;
}

/** Registers a number or logs it in: one endpoint for both, so that its answer does not tell which numbers exist. */
export interface Registration {
  /** `bearer` is the token that came with the request, already verified. Sends a code where one is needed first. */
  register(
    request: RegistrationRequest,
    from: RequestOrigin,
    bearer: Pick<Token, "userId"> | undefined,
  ): Promise<Registered | CodeSent>;
  /** Makes a code and sends it, or gives it back where it is a development code, which open access must cover. */
  sendCode(phone: string, from: RequestOrigin): Promise<CodeSent>;
  /** Registers or logs in by a code alone: unlike with `register`, it must be there and right. */
  redeemCode(request: RegistrationRequest & { readonly otp: string }, from: RequestOrigin): Promise<Registered>;
}

export interface RegistrationDeps extends SignInDeps {
  readonly config: Pick<Config, "proof">;
  readonly logger: Logger;
  readonly accounts: Pick<Accounts, "openAccess" | "tokens" | "codes" | "gateway" | "invitations" | "takenNumbers">;
}

export function createRegistration(deps: RegistrationDeps): Registration {
  const { accounts } = deps;
  // Without a gateway a code is a development code, which proves nothing.
  const proof = accounts.gateway === undefined ? undefined : "code";

  async function byCode(userId: string, request: RegistrationRequest & { readonly otp: string }): Promise<Registered> {
    await accounts.codes.redeem(userId, request.otp);
    return signIn(deps, { ...request, userId, proof });
  }

  return {
    async register(request, from, bearer) {
      const userId = userIdOf(request.phone);
      if (bearer !== undefined && bearer.userId !== userId) {
        throw new Refusal("forbidden", { message: "The token that came along belongs to somebody else." });
      }
      const { otp, invite } = request;
      if (invite !== undefined) {
        const isTheirs = bearer !== undefined || (await isCovered(deps, userId, from));
        return registerInvited(deps, { ...request, userId, invite, client: from.client, isTheirs });
      }
      if (bearer !== undefined) return signIn(deps, { ...request, userId });
      if (otp !== undefined && accounts.gateway !== undefined) return byCode(userId, { ...request, otp });
      if (!(await isCovered(deps, userId, from))) {
        if (accounts.gateway !== undefined) return send(deps, accounts.gateway, userId, countKey(from.client));
        throw withoutProof(deps);
      }
      // Open access is enough by itself. The answer to a code that was made must be right all the same.
      if (otp !== undefined && (await accounts.codes.isPending(userId))) await accounts.codes.redeem(userId, otp);
      return signInUnproven(deps, { ...request, userId });
    },

    async sendCode(phone, from) {
      const userId = userIdOf(phone);
      if (accounts.gateway !== undefined) return send(deps, accounts.gateway, userId, countKey(from.client));
      if (!(await isCovered(deps, userId, from))) throw withoutProof(deps);
      const devOtp = await accounts.codes.make(userId, undefined);
      return { expiresInSec: accounts.codes.expiresInSec, devOtp };
    },

    async redeemCode(request, from) {
      const userId = userIdOf(request.phone);
      // Where a development code could not be made, it does not count either.
      if (accounts.gateway === undefined && !(await isCovered(deps, userId, from))) throw withoutProof(deps);
      return byCode(userId, request);
    },
  };
}

/** Signs in whom open access covers. Somebody may prove the number at this very moment: then the token goes at once. */
async function signInUnproven(deps: RegistrationDeps, request: RegistrationRequest & { readonly userId: string }) {
  const done = await signIn(deps, request);
  if (!needsOwnToken(await deps.store.users.find(request.userId))) return done;
  await deps.accounts.tokens.revoke(request.userId, done.issued.token.id);
  throw withoutProof(deps);
}

/** Whether open access lets the request speak as this number. Where nothing is open, it does not even look it up. */
async function isCovered(
  { accounts, store }: RegistrationDeps,
  userId: string,
  { facts }: RequestOrigin,
): Promise<boolean> {
  return accounts.openAccess.coverage(facts).covered && !needsOwnToken(await store.users.find(userId));
}

/** Sends a code, for known and unknown numbers alike. One that cannot be sent was never made. */
async function send(
  { accounts, logger }: RegistrationDeps,
  gateway: CodeGateway,
  phone: string,
  address: string,
): Promise<CodeSent> {
  const { codes } = accounts;
  const code = await codes.make(phone, address);
  try {
    await gateway.send({ phone, code, expiresInSec: codes.expiresInSec });
  } catch (err) {
    logger.warn({ err, phone }, "the code gateway (ECHOO_OTP_WEBHOOK_URL) did not take a code");
    await codes
      .withdraw(phone, address, code)
      .catch((err: unknown) => logger.warn({ err }, "a code that was not sent could not be withdrawn"));
    throw new Refusal("proof_failed", { cause: err, retryInMs: 1000 });
  }
  return { expiresInSec: codes.expiresInSec };
}

/** Why nobody gets in without proof here: the same for known and unknown numbers. */
function withoutProof({ config }: RegistrationDeps): Refusal {
  return new Refusal(config.proof === "invite" ? "invite_needed" : "proof_not_configured");
}

function userIdOf(phone: string): string {
  if (phone === echoUserId) throw new Refusal("forbidden", { message: "That name is reserved." });
  const userId = normalisePhone(phone);
  if (userId !== undefined) return userId;
  throw new Refusal("invalid", { details: [{ path: "phone", message: "a phone number of 3 to 15 digits" }] });
}
