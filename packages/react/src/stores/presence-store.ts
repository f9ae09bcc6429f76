import type { EchooClient } from "@echoo/client";
import { type Store, storeOf } from "../store.ts";

/** Whether a user is there, as the server said last. */
export interface Presence {
  readonly userId: string;
  readonly online: boolean;
  readonly inCall?: boolean | undefined;
  readonly lastSeenAt?: number | undefined;
}

/** Who is there of those that some component watches; a user whom two of them watch is watched until both are gone. */
class PresenceStore {
  readonly #client: EchooClient;
  readonly #watchers = new Map<string, number>();
  readonly #changed = new Set<() => void>();
  #known: ReadonlyMap<string, Presence> = new Map();
  #stop: (() => void) | undefined;

  constructor(client: EchooClient) {
    this.#client = client;
  }

  readonly read = (): ReadonlyMap<string, Presence> => this.#known;

  subscribe(users: readonly string[], changed: () => void): () => void {
    const tell = () => changed();
    this.#stop ??= this.#client.on("presence", (entries) => this.#heard(entries));
    try {
      this.#client.watch(users);
    } catch {
      // More than a client watches: these stay unknown, and what is shown of the others goes on.
    }
    for (const user of users) this.#watchers.set(user, (this.#watchers.get(user) ?? 0) + 1);
    this.#changed.add(tell);
    return () => {
      this.#changed.delete(tell);
      this.#leave(users);
    };
  }

  #leave(users: readonly string[]): void {
    const gone: string[] = [];
    for (const user of users) {
      const left = (this.#watchers.get(user) ?? 1) - 1;
      if (left > 0) this.#watchers.set(user, left);
      else {
        this.#watchers.delete(user);
        gone.push(user);
      }
    }
    this.#client.unwatch(gone);
    this.#known = new Map([...this.#known].filter(([user]) => !gone.includes(user)));
    if (this.#changed.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#known = new Map();
  }

  #heard(entries: readonly Presence[]): void {
    this.#known = new Map([...this.#known, ...entries.map((entry) => [entry.userId, entry] as const)]);
    for (const changed of [...this.#changed]) changed();
  }
}

const stores = storeOf((client: EchooClient) => new PresenceStore(client));

export function presenceStore(client: EchooClient, users: readonly string[]): Store<ReadonlyMap<string, Presence>> {
  const store = stores(client);
  return { subscribe: (changed) => store.subscribe(users, changed), read: store.read };
}
