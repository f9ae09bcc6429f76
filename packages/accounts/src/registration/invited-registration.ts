import type { Instant, User } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { needsOwnToken } from "../access/open-access.ts";
import type { Accounts } from "../accounts.ts";
import type { ClientAddress } from "../addresses/client-address.ts";
import { takeAll, waitForAll } from "../limits/take-all.ts";
import type { Invitation } from "./invite-token.ts";
import { changeAccount, issueToken, type Registered, type SignInDeps } from "./sign-in.ts";

interface InvitedDeps extends SignInDeps {
  readonly accounts: Pick<Accounts, "tokens" | "invitations" | "takenNumbers">;
}

interface InvitedRequest {
  readonly userId: string;
  readonly invite: string;
  readonly displayName?: string | undefined;
  readonly device?: string | undefined;
  readonly client: ClientAddress;
  /** The number is theirs without the invitation: by a token, or by open access. */
  readonly isTheirs: boolean;
}

/**
 * Registers or logs in by an invitation. One that names a number signs in as that number, which is how a user who
 * lost everything gets back. Any other is for newcomers: it would open every account otherwise.
 */
export async function registerInvited(deps: InvitedDeps, request: InvitedRequest): Promise<Registered> {
  const { invitations, tokens } = deps.accounts;
  return invitations.redeem(request.invite, request.userId, {
    run: (invitation, begunAtMs) => registerUnlessTaken(deps, request, invitation, begunAtMs),
    undo: async ({ user, issued }) => void (await tokens.revoke(user.id, issued.token.id)),
  });
}

/** A client that is told that a number is taken learns that it exists, and may not ask for ever, from any address. */
async function registerUnlessTaken(
  deps: InvitedDeps,
  request: InvitedRequest,
  invitation: Invitation,
  begunAtMs: Instant,
): Promise<Registered> {
  // One that names its number opens it, taken or not, and tells nothing.
  if (invitation.phone !== undefined) return register(deps, request, invitation, begunAtMs);
  const { byClient, byInvitation } = deps.accounts.takenNumbers;
  const asked = [byClient(request.client), { limit: byInvitation, key: invitation.id }];
  await requireRoom(waitForAll(asked));
  try {
    return await register(deps, request, invitation, begunAtMs);
  } catch (error) {
    // Of many at once, no more are told than may be.
    if (error instanceof Refusal && error.code === "number_taken") await requireRoom(takeAll(asked));
    throw error;
  }
}

async function requireRoom(waiting: Promise<number>): Promise<void> {
  const retryInMs = await waiting;
  if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
}

async function register(
  deps: InvitedDeps,
  request: InvitedRequest,
  invitation: Invitation,
  begunAtMs: Instant,
): Promise<Registered> {
  const { store, clock, live } = deps;
  const { userId, device, displayName } = request;
  const before = await store.users.find(userId);
  // Made by an attempt with this very invitation that broke off: its first moment is the account's.
  const isResumed = before?.proof === "invite" && before.createdAtMs === begunAtMs && begunAtMs !== clock.now();
  if (invitation.first && !isResumed && (await store.users.hasAdmin())) throw new Refusal("invite_used");
  if (before !== undefined && !isResumed && !mayTake(before, request, invitation)) throw new Refusal("number_taken");

  const changes = { proof: "invite", admin: invitation.admin } as const;
  const name = displayName ?? (before === undefined ? invitation.displayName : undefined);
  const named = name === undefined ? {} : { displayName: name };
  const { user, created } = await store.users.ensure(userId, { ...changes, ...named }, begunAtMs);
  // Another client has just made an account of it.
  if (!created && before === undefined && invitation.phone === undefined) throw new Refusal("number_taken");
  if (created) await live.personChanged(userId);
  const current = created ? user : await changeAccount(deps, user, { ...changes, ...named });
  return { user: current, created, issued: await issueToken(deps, userId, device) };
}

/** Whether the invitation opens an account that there is already. */
function mayTake(user: User, { isTheirs }: InvitedRequest, { phone, admin }: Invitation): boolean {
  // An administrator's invitation comes from the operator; a number that was never proven belongs to no user yet.
  return phone !== undefined || isTheirs || (admin && !needsOwnToken(user));
}
