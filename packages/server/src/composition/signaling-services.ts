import type { Accounts } from "@echoo/accounts";
import type { Services, Store } from "@echoo/core";
import type { Logger } from "../observability/logging.ts";
import type { Turn } from "../turn/turn-credentials.ts";

interface SignalingServicesDeps {
  readonly accounts: Accounts;
  readonly turn: Turn;
  readonly store: Store;
  readonly logger: Logger;
}

/** What the engine asks of accounts, TURN and the store. */
export function signalingServices({ accounts, turn, store, logger }: SignalingServicesDeps): Services {
  return {
    hasTurn: turn.hasTurn,
    iceServers: (user) => turn.iceServers(user),
    turnCredentials: (user) => {
      const { username, password, ttl, uris } = turn.credentials(user);
      return { username, password, ttl, uris: [...uris] };
    },
    mayAskAbout: (user, other) => accounts.strangerQuota.allows(user, other),
    wasSeen: (user, atMs) => {
      store.users.update(user, { lastSeenAtMs: atMs }).then(
        () => accounts.userFacts.refresh(user),
        (error: unknown) => logger.debug({ err: error }, "a user's last-seen time could not be stored"),
      );
    },
  };
}
