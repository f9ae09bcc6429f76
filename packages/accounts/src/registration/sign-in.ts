import type { Clock, Proof, SignalingControl, Store, User, UserChanges } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import type { Accounts } from "../accounts.ts";
import { type IssuedToken, revokeTokens } from "../tokens/tokens.ts";
import { suspendedSentence } from "./suspended-sentence.ts";

export interface SignInDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, "tokens">;
  readonly live: Pick<SignalingControl, "tokenRevoked" | "numberProven" | "personChanged">;
}

/** A user who may speak as this number from now on. */
interface SignIn {
  readonly userId: string;
  readonly displayName?: string | undefined;
  readonly device?: string | undefined;
  /** What was proven by it; absent where nothing was. */
  readonly proof?: Proof | undefined;
}

export interface Registered {
  readonly user: User;
  readonly created: boolean;
  readonly issued: IssuedToken;
  /** By the code of an invitation. */
  readonly invited?: true;
}

/** Creates the account unless there is one, keeps what was proven, and gives a token for one device. */
export async function signIn(deps: SignInDeps, { userId, device, displayName, proof }: SignIn): Promise<Registered> {
  const changes = { ...(displayName === undefined ? {} : { displayName }), ...(proof === undefined ? {} : { proof }) };
  const { user, created } = await deps.store.users.ensure(userId, changes, deps.clock.now());
  if (created) await deps.live.personChanged(userId);
  const current = created ? user : await changeAccount(deps, user, changes);
  return { user: current, created, issued: await issueToken(deps, userId, device) };
}

/**
 * What signing in changes of an account that there was before. The first proof ends every token and every socket
 * from the time when any client could speak as that number; the first proof stays.
 */
export async function changeAccount(deps: SignInDeps, before: User, changes: UserChanges): Promise<User> {
  const { displayName = before.displayName, proof, admin = false } = changes;
  const renames = displayName !== before.displayName;
  const proves = proof !== undefined && before.proof === undefined;
  const promotes = admin && !before.admin;
  if (!renames && !proves && !promotes) return before;
  // Before as well: should the database go away in between, no token from that time is left.
  if (proves) await revokeTokens(deps.accounts.tokens, before.id);
  const user = await deps.store.users.update(before.id, {
    ...(renames && displayName !== undefined ? { displayName } : {}),
    ...(proves ? { proof } : {}),
    ...(promotes ? { admin } : {}),
  });
  if (proves) {
    await revokeTokens(deps.accounts.tokens, before.id);
    deps.live.numberProven(before.id);
  }
  if (renames) await deps.live.personChanged(before.id);
  return user ?? before;
}

/**
 * The sockets of tokens that had to go for it are cut. Whether the account is suspended is looked at last: a suspension
 * revokes the tokens that it finds, and one that it does not find finds it.
 */
export async function issueToken(
  { accounts, live, store }: SignInDeps,
  userId: string,
  device: string | undefined,
): Promise<IssuedToken> {
  const issued = await accounts.tokens.issue(userId, device);
  for (const tokenId of issued.evicted) live.tokenRevoked(tokenId);
  if ((await store.users.find(userId))?.suspended) {
    await accounts.tokens.revoke(userId, issued.token.id);
    throw new Refusal("forbidden", { message: suspendedSentence });
  }
  return issued;
}
