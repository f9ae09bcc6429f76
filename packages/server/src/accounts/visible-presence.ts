import type { Live, People, User } from "@echoo/core";

/** What of somebody's presence another person may see. Absent fields are not theirs to know. */
export interface VisiblePresence {
  readonly online?: boolean;
  /** Whether the moment when they were last here may be shown. */
  readonly showsLastSeen: boolean;
  /** The viewer is blocked: to them this person went offline for good. */
  readonly blocked: boolean;
}

interface PresenceDeps {
  readonly live: Pick<Live, "presenceOf">;
  readonly people: People;
}

const hidden: VisiblePresence = { showsLastSeen: false, blocked: false };

export async function visiblePresence(deps: PresenceDeps, viewer: string, owner: User): Promise<VisiblePresence> {
  if (viewer === owner.id) return { ...shown(deps.live.presenceOf(owner.id).online), blocked: false };
  if (owner.presence === "nobody") return hidden;
  const { online } = deps.live.presenceOf(owner.id);
  const facts = await deps.people.load(owner.id);
  if (owner.presence === "contacts" && !facts.contacts.has(viewer)) return hidden;
  const blocked = facts.blocked.has(viewer);
  return { ...shown(online && !blocked), blocked };
}

function shown(online: boolean): { online: boolean; showsLastSeen: true } {
  return { online, showsLastSeen: true };
}
