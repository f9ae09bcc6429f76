import type { PersonFacts } from "../ports/people.ts";

/** Whether a person shows this viewer that they are there. A blocked viewer sees somebody offline. */
export function isVisibleTo(person: PersonFacts, viewer: string): boolean {
  if (person.blocked.has(viewer)) return false;
  switch (person.presence) {
    case "everyone":
      return true;
    case "contacts":
      return person.contacts.has(viewer);
    case "nobody":
      return false;
  }
}
