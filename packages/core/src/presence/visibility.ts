import type { UserFacts } from "../ports/user-facts.ts";

/**
 * When a viewer is told that this person was last online. A blocked viewer sees a person who went offline at that
 * moment and stayed so: a time that goes on, or one that is missing, would tell them.
 */
export function lastSeenBy(person: Pick<UserFacts, "blocked" | "lastSeenAtMs">, viewer: string): number | undefined {
  const blockedAtMs = person.blocked.get(viewer);
  if (blockedAtMs === undefined) return person.lastSeenAtMs;
  return Math.min(person.lastSeenAtMs ?? blockedAtMs, blockedAtMs);
}

/** Whether a person shows this viewer that they are there. A blocked viewer sees them as offline. */
export function isVisibleTo(person: UserFacts, viewer: string): boolean {
  return !person.blocked.has(viewer) && showsPresence(person, viewer);
}

/** What this person's own choice of who may know allows, blocks aside. */
export function showsPresence(person: Pick<UserFacts, "presence" | "contacts">, viewer: string): boolean {
  switch (person.presence) {
    case "everyone":
      return true;
    case "contacts":
      return person.contacts.has(viewer);
    case "nobody":
      return false;
  }
}
