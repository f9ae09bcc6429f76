import type { Instant } from "./clock.ts";
import type { PresenceChoice } from "./store.ts";

/** What signaling needs to know of a person without asking the database. */
export interface PersonFacts {
  /** Whether anybody ever registered or joined under this id. */
  readonly registered: boolean;
  readonly displayName?: string;
  readonly presence: PresenceChoice;
  readonly doNotDisturb: boolean;
  /** Whom this person blocked, and when. */
  readonly blocked: ReadonlyMap<string, Instant>;
  readonly contacts: ReadonlySet<string>;
  readonly lastSeenAtMs?: Instant;
}

/** Facts kept in bounded memory, refreshed when they change. */
export interface People {
  /** Never waits; undefined when they are not in memory. */
  cached(userId: string): PersonFacts | undefined;
  /** Reads them from the store when they are not in memory; a store that is away gives the defaults of a stranger. */
  load(userId: string): Promise<PersonFacts>;
  /** Reads them again after a change, where they are in memory. */
  refresh(userId: string): Promise<void>;
}
