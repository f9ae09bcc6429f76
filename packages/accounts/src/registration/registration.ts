import type { Log, Token } from "@echoo/core";
import { echoUserId, normalisePhone, Refusal } from "@echoo/protocol";
import { needsOwnToken } from "../access/open-access.ts";
import type { Accounts } from "../accounts.ts";
import type { AccountsSettings } from "../accounts-settings.ts";
import type { ClientAddress } from "../addresses/client-address.ts";
import type { ConnectionFacts } from "../addresses/connection-facts.ts";
import { countingWrong } from "../limits/counting-wrong.ts";
import type { CodeGateway } from "./code-gateway.ts";
import type { CodeInvitation } from "./codes.ts";
import { registerInvited } from "./invited-registration.ts";
import type { Proofs } from "./proofs.ts";
import { type Registered, type SignInDeps, signIn } from "./sign-in.ts";

interface RegistrationRequest {
  readonly phone: string;
  readonly displayName?: string | undefined;
  readonly otp?: string | undefined;
  /** What came with the code, where the client kept it. */
  readonly challenge?: string | undefined;
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
  /** Sent back with the code, it is answered from any address. */
  readonly challenge: string;
  readonly devOtp?: string;
}

/** Nothing was sent: the one who invited the number has its code, and gives it to the owner. */
interface CodeAtHand {
  readonly isInvited: true;
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
  sendCode(phone: string, from: RequestOrigin): Promise<CodeSent | CodeAtHand>;
  /** Registers or logs in by a code alone: unlike with `register`, it must be there and right. */
  redeemCode(request: RegistrationRequest & { readonly otp: string }, from: RequestOrigin): Promise<Registered>;
}

export interface RegistrationDeps extends SignInDeps {
  readonly config: Pick<AccountsSettings, "proof">;
  readonly logger: Log<"warn">;
  readonly accounts: Pick<Accounts, "openAccess" | "tokens" | "verifiedAddresses" | keyof Proofs>;
}

export function createRegistration(deps: RegistrationDeps): Registration {
  const { accounts } = deps;
  const { redeem, byCode, byInvitedCode, byInvitation } = byCodes(deps);

  return {
    async register(request, from, bearer) {
      const userId = userIdOf(request.phone);
      if (bearer !== undefined && bearer.userId !== userId) {
        throw new Refusal("forbidden", { message: "The token that came along belongs to another user." });
      }
      const { otp, invite } = request;
      if (invite !== undefined) {
        const isTheirs = bearer !== undefined || (await isCovered(deps, userId, from));
        const invited = { ...request, userId, invite, client: from.client, isTheirs };
        return countingWrong(accounts.wrongProofs(from.client), () => registerInvited(deps, invited));
      }
      if (bearer !== undefined) return signIn(deps, { ...request, userId });
      if (otp !== undefined && accounts.gateway !== undefined) return byCode(userId, { ...request, otp }, from);
      if (!(await isCovered(deps, userId, from))) {
        if (otp !== undefined && (await accounts.codes.isInvited(userId)))
          return byInvitedCode(userId, { ...request, otp }, from);
        if (accounts.gateway !== undefined) return send(deps, accounts.gateway, userId, from.client);
        throw withoutProof(deps);
      }
      // Open access is enough by itself. The answer to a code that was made must be right all the same.
      if (otp !== undefined && (await accounts.codes.isPending(userId))) {
        const invitation = await redeem(userId, otp, request, from.client);
        if (invitation) return byInvitation(userId, request, invitation, from.client);
      }
      return signInUnproven(deps, { ...request, userId });
    },

    async sendCode(phone, from) {
      const userId = userIdOf(phone);
      if (accounts.gateway !== undefined) return send(deps, accounts.gateway, userId, from.client);
      if (!(await isCovered(deps, userId, from))) {
        // The owner of the number has its code; the client asks for it next.
        if (await accounts.codes.isInvited(userId)) return { isInvited: true };
        throw withoutProof(deps);
      }
      const { code: devOtp, challenge } = await accounts.codes.make(userId, from.client);
      return { expiresInSec: accounts.codes.expiresInSec, challenge, devOtp };
    },

    async redeemCode(request, from) {
      const userId = userIdOf(request.phone);
      // Where a development code could not be made, it does not count either.
      if (accounts.gateway === undefined && !(await isCovered(deps, userId, from))) {
        if (await accounts.codes.isInvited(userId)) return byInvitedCode(userId, request, from);
        throw withoutProof(deps);
      }
      return byCode(userId, request, from);
    },
  };
}

/** What a right code comes to: a sign-in, or the invitation that it belongs to. */
function byCodes(deps: RegistrationDeps) {
  const { accounts } = deps;
  // Without a gateway a code is a development code, which proves nothing.
  const proof = accounts.gateway === undefined ? undefined : "code";

  function redeem(userId: string, otp: string, { challenge }: RegistrationRequest, client: ClientAddress) {
    return countingWrong(accounts.wrongProofs(client), () => accounts.codes.redeem(userId, otp, { client, challenge }));
  }

  async function byCode(
    userId: string,
    request: RegistrationRequest & { readonly otp: string },
    { client }: RequestOrigin,
  ): Promise<Registered> {
    const invitation = await redeem(userId, request.otp, request, client);
    return invitation ? byInvitation(userId, request, invitation, client) : signIn(deps, { ...request, userId, proof });
  }

  /** Where no other code counts. */
  async function byInvitedCode(
    userId: string,
    request: RegistrationRequest & { readonly otp: string },
    { client }: RequestOrigin,
  ): Promise<Registered> {
    const look = () => accounts.codes.redeemInvited(userId, request.otp);
    const invitation = await countingWrong(accounts.wrongProofs(client), look);
    if (invitation === undefined) throw new Refusal("wrong_code");
    return byInvitation(userId, request, invitation, client);
  }

  /** The code is another key to the invitation, which is used up with it: its link opens nothing any more. */
  async function byInvitation(
    userId: string,
    request: RegistrationRequest,
    invitation: CodeInvitation,
    client: ClientAddress,
  ): Promise<Registered> {
    const invite = accounts.invitations.again({ ...invitation, phone: userId });
    const done = await registerInvited(deps, { ...request, userId, invite, client, isTheirs: false });
    return { ...done, invited: true };
  }

  return { redeem, byCode, byInvitedCode, byInvitation };
}

/** Signs in whom open access covers. Its owner may prove the number meanwhile: then the token goes at once. */
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
  client: ClientAddress,
): Promise<CodeSent> {
  const { codes } = accounts;
  const { code, challenge, withdraw } = await codes.make(phone, client);
  try {
    await gateway.send({ phone, code, expiresInSec: codes.expiresInSec });
  } catch (err) {
    logger.warn({ err, phone }, "the code gateway (ECHOO_OTP_WEBHOOK_URL) did not take a code");
    await withdraw().catch((err: unknown) => logger.warn({ err }, "a code that was not sent could not be withdrawn"));
    throw new Refusal("proof_failed", { cause: err, retryInMs: 1000 });
  }
  return { expiresInSec: codes.expiresInSec, challenge };
}

/** Why no client gets in without proof here: the same for known and unknown numbers. */
function withoutProof({ config }: RegistrationDeps): Refusal {
  return new Refusal(config.proof === "invite" ? "invite_needed" : "proof_not_configured");
}

function userIdOf(phone: string): string {
  if (phone === echoUserId) throw new Refusal("forbidden", { message: "That name is reserved." });
  const userId = normalisePhone(phone);
  if (userId !== undefined) return userId;
  throw new Refusal("invalid", { details: [{ path: "phone", message: "a phone number of 3 to 15 digits" }] });
}
