import type { Clock, People, PersonFacts, Store } from "@echoo/core";
import type { Pause } from "../long-work/pause.ts";
import { KnownPeople, type KnownPeopleBounds } from "./known-people.ts";

const loadLimitMs = 2000;

/** Nothing is known of them, and nothing held against them. */
const stranger: PersonFacts = {
  registered: false,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};

export interface PeopleCache extends People {
  /** Reads them again after a change, unless nobody asked for them yet. */
  refresh(userId: string): Promise<void>;
  /** The account is gone: nobody's contact any more, and blocked by nobody, as the store has it. */
  erased(userId: string): void;
}

interface PeopleDeps extends KnownPeopleBounds {
  readonly store: Pick<Store, "users" | "contacts" | "blocks">;
  readonly clock: Clock;
  /** Ends a step of long work: with their lists two hundred people may take a second to read. */
  readonly pause: Pause;
  readonly onFailure: (error: unknown) => void;
}

export function createPeople({ store, clock, pause, onFailure, ...bounds }: PeopleDeps): PeopleCache {
  const known = new KnownPeople(bounds);
  const loading = new Map<string, Promise<PersonFacts>>();

  function start(userId: string): Promise<PersonFacts> {
    const read = pause().then(() => withinLimit(clock, readFacts(store, userId)));
    const load: Promise<PersonFacts> = read.then(
      (facts) => {
        // A change meanwhile has started a newer load, whose facts are the ones to keep.
        if (loading.get(userId) === load) known.set(userId, facts);
        return facts;
      },
      (error: unknown) => {
        onFailure(error);
        if (loading.get(userId) === load) known.delete(userId);
        return stranger;
      },
    );
    loading.set(userId, load);
    return load.finally(() => {
      if (loading.get(userId) === load) loading.delete(userId);
    });
  }

  return {
    cached: (userId) => known.get(userId),
    async load(userId) {
      return known.get(userId) ?? loading.get(userId) ?? start(userId);
    },
    async refresh(userId) {
      if (known.has(userId) || loading.has(userId)) await start(userId);
    },
    erased(userId) {
      known.unlist(userId);
      // What was being read may still have the number.
      for (const id of [...loading.keys()]) void start(id);
    },
  };
}

async function readFacts(store: PeopleDeps["store"], userId: string): Promise<PersonFacts> {
  const [user, contacts, blocks] = await Promise.all([
    store.users.find(userId),
    store.contacts.list(userId),
    store.blocks.list(userId),
  ]);
  if (user === undefined) return stranger;
  return {
    registered: true,
    presence: user.presence,
    doNotDisturb: user.doNotDisturb,
    blocked: new Map(blocks.map((block) => [block.blocked, block.createdAtMs])),
    contacts: new Set(contacts.map((contact) => contact.contact)),
    ...(user.displayName === undefined ? {} : { displayName: user.displayName }),
    ...(user.lastSeenAtMs === undefined ? {} : { lastSeenAtMs: user.lastSeenAtMs }),
  };
}

/** Whatever the store promises, signaling waits for it no longer than this. */
function withinLimit<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(loadLimitMs, () => reject(new Error(`the store took over ${loadLimitMs} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
