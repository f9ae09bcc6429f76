import type { Clock, Store } from "@echoo/core";
import { IndexKeeper } from "./index-keeper.ts";
import { mongoBlocks } from "./mongo-blocks.ts";
import { mongoCalls } from "./mongo-calls.ts";
import { mongoCodes } from "./mongo-codes.ts";
import { mongoContacts } from "./mongo-contacts.ts";
import { mongoInvitations } from "./mongo-invitations.ts";
import { MongoLink } from "./mongo-link.ts";
import { mongoStatistics } from "./mongo-statistics.ts";
import { mongoTokens } from "./mongo-tokens.ts";
import { mongoUsers } from "./mongo-users.ts";

export { MongoSettingError } from "./mongo-link.ts";

export interface MongoStoreOptions {
  /** A connection string as the driver takes it: mongodb:// or mongodb+srv://. */
  readonly uri: string;
  readonly database: string;
  readonly clock: Clock;
  /** The database does not answer at the start; the store keeps trying. */
  readonly onAway: (error: unknown) => void;
  /** It answers, and has its indexes. */
  readonly onReady: () => void;
}

export interface MongoStore extends Store {
  /** Resolves once the indexes are there; never, if they cannot be made. Nothing has to wait for it. */
  readonly ready: Promise<void>;
}

/**
 * Opens a store on MongoDB: Atlas, a replica set or a single server. Returns at once, whether the database answers or not.
 * Throws `MongoSettingError` when the connection string or the name cannot be used.
 */
export function openMongoStore({ onAway, onReady, clock, ...place }: MongoStoreOptions): MongoStore {
  const link = new MongoLink({ ...place, clock });
  const indexes = new IndexKeeper({ link, clock, onFault: onAway, onDone: onReady });
  return {
    kind: "mongodb",
    ready: indexes.done,
    users: mongoUsers(link),
    tokens: mongoTokens(link),
    codes: mongoCodes(link),
    invitations: mongoInvitations(link),
    contacts: mongoContacts(link),
    blocks: mongoBlocks(link),
    calls: mongoCalls(link, indexes),
    statistics: mongoStatistics(link),
    ping: () => link.ping(),
    async close() {
      indexes.stop();
      await link.close();
    },
  };
}
