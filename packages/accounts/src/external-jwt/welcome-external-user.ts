import type { Clock, Store, User, UserChanges } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { createOneAtATime } from "../limits/one-at-a-time.ts";
import { suspendedSentence } from "../registration/suspended-sentence.ts";
import type { GoodToken } from "../tokens/good-token.ts";
import { revokeTokens, type Tokens } from "../tokens/tokens.ts";
import type { UserFactsCache } from "../user-facts/user-facts-cache.ts";

export interface WelcomeDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly tokens: Pick<Tokens, "list" | "revoke">;
  readonly userFacts: Pick<UserFactsCache, "refresh">;
  /** Told of each user whom the host product sent for the first time. */
  readonly onRegistered: (userId: string) => void;
  /** Told of an id whose owner is proven only now: sockets that spoke as it so far are to be cut. */
  readonly onProven: (userId: string) => void;
}

/** Whether the token was withdrawn since it was found good. */
type HasEnded = () => boolean;
type Named = Pick<GoodToken, "userId" | "displayName">;

/** Makes the users of the host product's tokens: each once, however many of their tokens come at the same time. */
export function welcomeExternalUser(deps: WelcomeDeps): (token: Named, hasEnded: HasEnded) => Promise<void> {
  const { store, clock, userFacts } = deps;
  const oneAtATime = createOneAtATime();

  async function welcome({ userId, displayName }: Named, hasEnded: HasEnded): Promise<void> {
    const name = displayName === undefined ? {} : { displayName };
    const found = await store.users.find(userId);
    if (hasEnded()) throw new Refusal("unauthorized", { message: "The token was revoked, or has run out." });
    const { user, created } = found
      ? { user: found, created: false }
      : await store.users.ensure(userId, { proof: "jwt", ...name }, clock.now());
    if (created) deps.onRegistered(userId);
    else await change(deps, user, name);
    await userFacts.refresh(userId);
  }

  return async (token, hasEnded) => {
    const known = await store.users.find(token.userId);
    if (known?.suspended) throw new Refusal("unauthorized", { message: suspendedSentence });
    if (known?.proof !== undefined && (known.displayName !== undefined || token.displayName === undefined)) return;
    await oneAtATime(token.userId, () => welcome(token, hasEnded));
  };
}

/**
 * From its first token on the id needs one, open access or not, and what clients that spoke as it before were given
 * ends. What its user is called is their own affair once there is a name.
 */
async function change(deps: WelcomeDeps, user: User, { displayName }: UserChanges): Promise<void> {
  const proves = user.proof === undefined;
  const names = user.displayName === undefined && displayName !== undefined;
  if (!proves && !names) return;
  // Before as well: should the database go away in between, the next token does the rest.
  if (proves) await revokeTokens(deps.tokens, user.id);
  await deps.store.users.update(user.id, { ...(proves ? { proof: "jwt" } : {}), ...(names ? { displayName } : {}) });
  if (!proves) return;
  await revokeTokens(deps.tokens, user.id);
  deps.onProven(user.id);
}
