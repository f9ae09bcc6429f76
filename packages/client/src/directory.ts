import { type ClientMessage, clientLimits } from "@echoo/protocol";
import type { ClientClock } from "./client-clock.ts";
import type { UserStatus } from "./client-options.ts";
import { Replies } from "./connection/replies.ts";
import { EchooError } from "./echoo-error.ts";

interface DirectoryPort {
  readonly clock: ClientClock;
  /** False where the link is down. */
  post(message: ClientMessage): boolean;
}

/** Who is there: the users watched, which outlive the connection, and single questions. */
export class Directory {
  readonly #port: DirectoryPort;
  readonly #watched = new Set<string>();
  readonly #statuses: Replies<UserStatus>;

  constructor(port: DirectoryPort) {
    this.#port = port;
    this.#statuses = new Replies(port.clock);
  }

  watch(users: readonly string[]): void {
    const added = users.filter((user) => !this.#watched.has(user));
    if (this.#watched.size + new Set(added).size > clientLimits.watchedUsers) throw new EchooError("invalid");
    for (const user of added) this.#watched.add(user);
    if (added.length > 0) this.#port.post({ type: "watch", users: [...new Set(added)] });
  }

  unwatch(users: readonly string[]): void {
    const removed = users.filter((user) => this.#watched.delete(user));
    if (removed.length > 0) this.#port.post({ type: "unwatch", users: removed });
  }

  /** The link is up again: the server may have forgotten. */
  online(): void {
    if (this.#watched.size > 0) this.#port.post({ type: "watch", users: [...this.#watched] });
  }

  check(userId: string): Promise<UserStatus> {
    return this.#statuses.request(userId, () => this.#port.post({ type: "checkUser", userId }));
  }

  checked({ userId, online, registered }: UserStatus): void {
    this.#statuses.settle(userId, { userId, online, registered });
  }

  close(): void {
    this.#statuses.failAll(new EchooError("offline"));
  }
}
