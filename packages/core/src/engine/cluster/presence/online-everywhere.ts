import type { SessionRegistry } from "../../sessions/session-registry.ts";
import type { OnlineUsers } from "../../visible-users.ts";
import type { ClusterPresence } from "./cluster-presence.ts";

/** Who is online on this node or, as far as is known here, on another. */
export class OnlineEverywhere implements OnlineUsers {
  readonly #here: Pick<SessionRegistry, "users" | "isOnline">;
  readonly #elsewhere: Pick<ClusterPresence, "usersElsewhere" | "isOnlineElsewhere">;

  constructor(
    here: Pick<SessionRegistry, "users" | "isOnline">,
    elsewhere: Pick<ClusterPresence, "usersElsewhere" | "isOnlineElsewhere">,
  ) {
    this.#here = here;
    this.#elsewhere = elsewhere;
  }

  get userCount(): number {
    return this.users().size;
  }

  users(): ReadonlySet<string> {
    return new Set([...this.#here.users(), ...this.#elsewhere.usersElsewhere()]);
  }

  isOnline(user: string): boolean {
    return this.#here.isOnline(user) || this.#elsewhere.isOnlineElsewhere(user);
  }
}
