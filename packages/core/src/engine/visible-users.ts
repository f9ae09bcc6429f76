import type { CallIndex } from "../arbiter/call-index.ts";
import { peerOf } from "../call/call.ts";
import type { UserFacts } from "../ports/user-facts.ts";
import { isVisibleTo } from "../presence/visibility.ts";

/** Who is online, on this node and, as far as is known here, on others. */
export interface OnlineUsers {
  readonly userCount: number;
  users(): Iterable<string>;
  isOnline(user: string): boolean;
}

/** What decides who is shown to whom. */
export interface WhoIsHere {
  readonly online: OnlineUsers;
  readonly options: { readonly everyoneListed: boolean };
  readonly calls: Pick<CallIndex, "recentlyFinishedOf">;
  factsOf(user: string): UserFacts | undefined;
}

/** A list of users names at most this many; with open access all users are listed while no more are online. */
export const listedUsersMax = 200;

/** Whether all users see each other: with open access, while few are online. */
export function isEveryoneListed({ online, options }: WhoIsHere): boolean {
  return options.everyoneListed && online.userCount <= listedUsersMax;
}

/** The users whom a user may see and is likely to call: contacts and recent peers, or all where few are online. */
export function visibleUsers(state: WhoIsHere, viewer: string): string[] {
  const candidates = isEveryoneListed(state) ? state.online.users() : contactsAndPeers(state, viewer);
  const visible = [...candidates].filter((user) => {
    const facts = state.factsOf(user);
    const isThere = user !== viewer && state.online.isOnline(user);
    return isThere && facts !== undefined && isVisibleTo(facts, viewer);
  });
  return visible.slice(0, listedUsersMax).sort();
}

/** The users in a user's contacts, and the peers of their recent calls. */
export function contactsAndPeers(state: WhoIsHere, user: string): ReadonlySet<string> {
  const known = new Set(state.factsOf(user)?.contacts);
  for (const call of state.calls.recentlyFinishedOf(user)) known.add(peerOf(call, user));
  return known;
}
