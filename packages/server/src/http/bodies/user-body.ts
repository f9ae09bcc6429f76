import { visiblePresence } from "@echoo/accounts";
import type { SignalingControl, User, UserFactsSource } from "@echoo/core";
import { isNameShown, type OwnUser, type UserProfile } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";

/** What a person is called: the number itself where no name is known, or one that says another number. */
export function shownName(user: User | undefined, phone: string): string {
  return user?.displayName !== undefined && isNameShown(user.displayName) ? user.displayName : phone;
}

/** One's own account. */
export async function ownUserBody(user: User, live: Pick<SignalingControl, "findPresence">): Promise<OwnUser> {
  const { online } = await live.findPresence(user.id);
  return {
    phone: user.id,
    displayName: shownName(user, user.id),
    online,
    ...(user.lastSeenAtMs === undefined ? {} : { lastSeenAt: instantOf(user.lastSeenAtMs) }),
    presence: user.presence,
    doNotDisturb: user.doNotDisturb,
    proven: user.proof !== undefined,
    admin: user.admin,
    createdAt: instantOf(user.createdAtMs),
  };
}

interface ProfileDeps {
  readonly live: Pick<SignalingControl, "findPresence">;
  readonly userFacts: UserFactsSource;
}

/** Another user, as their privacy allows. */
export async function profileBody(deps: ProfileDeps, viewer: string, owner: User): Promise<UserProfile> {
  const { online, lastSeenAtMs } = await visiblePresence(deps, viewer, owner);
  return {
    phone: owner.id,
    displayName: shownName(owner, owner.id),
    ...(online === undefined ? {} : { online }),
    ...(lastSeenAtMs === undefined ? {} : { lastSeenAt: instantOf(lastSeenAtMs) }),
  };
}
