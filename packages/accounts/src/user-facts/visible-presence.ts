import {
  type Instant,
  lastSeenBy,
  type SignalingControl,
  showsPresence,
  type User,
  type UserFactsSource,
} from "@echoo/core";
import { Refusal } from "@echoo/protocol";

/** What of a user's presence another user may see. Absent fields are hidden from that viewer. */
export interface VisiblePresence {
  readonly online?: boolean;
  readonly lastSeenAtMs?: Instant;
}

interface PresenceDeps {
  readonly live: Pick<SignalingControl, "findPresence">;
  readonly userFacts: UserFactsSource;
}

/** By the same rules as the presence that is told over sockets. */
export async function visiblePresence(deps: PresenceDeps, viewer: string, owner: User): Promise<VisiblePresence> {
  const facts = await deps.userFacts.load(owner.id);
  // Whom the owner blocked cannot be read: nothing is said, rather than too much.
  if (!facts) throw new Refusal("unavailable");
  if (viewer !== owner.id && !showsPresence({ ...facts, presence: owner.presence }, viewer)) return {};
  const { lastSeenAtMs: _known, ...others } = facts;
  const seen = owner.lastSeenAtMs === undefined ? {} : { lastSeenAtMs: owner.lastSeenAtMs };
  const lastSeenAtMs = lastSeenBy({ ...others, ...seen }, viewer);
  const online = (await deps.live.findPresence(owner.id)).online && !facts.blocked.has(viewer);
  return { online, ...(lastSeenAtMs === undefined ? {} : { lastSeenAtMs }) };
}
