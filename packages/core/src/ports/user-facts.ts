import type { Instant } from "./clock.ts";
import type { PushTarget } from "./push-service.ts";
import type { PresenceChoice } from "./store.ts";

/** What signaling needs to know of a person without asking the database. */
export interface UserFacts {
  /** Whether a client ever registered or joined under this id. */
  readonly registered: boolean;
  readonly displayName?: string;
  readonly presence: PresenceChoice;
  readonly doNotDisturb: boolean;
  /** Whom this person blocked, and when. */
  readonly blocked: ReadonlyMap<string, Instant>;
  readonly contacts: ReadonlySet<string>;
  readonly lastSeenAtMs?: Instant;
  /** Devices that a push service can wake; absent where there are none. */
  readonly push?: readonly PushTarget[];
}

/**
 * Facts kept in bounded memory, refreshed when they change. Those of users who are here stay in memory as long as they
 * are: what is to be decided about them waits for no database, and a database that is away undoes no block.
 */
export interface UserFactsSource {
  /** Never waits; undefined when they are not in memory. */
  cached(userId: string): UserFacts | undefined;
  /** Reads them from the store when they are not in memory; undefined where that is away. Never rejects. */
  load(userId: string): Promise<UserFacts | undefined>;
  /** Reads them again after a change, where they are in memory. */
  refresh(userId: string): Promise<void>;
  /** From now on what is read of this user stays in memory, until as many times `release` as `hold` was called. */
  hold(userId: string): void;
  release(userId: string): void;
}
