import type { Clock, People, PersonFacts, Store } from "@echoo/core";

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

interface PeopleDeps {
  readonly store: Pick<Store, "users" | "contacts" | "blocks">;
  readonly clock: Clock;
  /** People kept in memory; beyond it, whoever was not asked for longest is forgotten. */
  readonly maxPeople: number;
  readonly onFailure: (error: unknown) => void;
}

export function createPeople({ store, clock, maxPeople, onFailure }: PeopleDeps): PeopleCache {
  // Both in the order of their last use.
  const known = new Map<string, PersonFacts>();
  const loading = new Map<string, Promise<PersonFacts>>();

  function cached(userId: string): PersonFacts | undefined {
    const facts = known.get(userId);
    if (facts !== undefined) remember(userId, facts);
    return facts;
  }

  function remember(userId: string, facts: PersonFacts): void {
    known.delete(userId);
    known.set(userId, facts);
    if (known.size <= maxPeople) return;
    const [longestUnused] = known.keys();
    if (longestUnused !== undefined) known.delete(longestUnused);
  }

  function start(userId: string): Promise<PersonFacts> {
    const load: Promise<PersonFacts> = withinLimit(clock, readFacts(store, userId)).then(
      (facts) => {
        // A change meanwhile has started a newer load, whose facts are the ones to keep.
        if (loading.get(userId) === load) remember(userId, facts);
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
    cached,
    async load(userId) {
      return cached(userId) ?? loading.get(userId) ?? start(userId);
    },
    async refresh(userId) {
      if (known.has(userId) || loading.has(userId)) await start(userId);
    },
    erased(userId) {
      for (const [id, facts] of known) {
        if (facts.contacts.has(userId) || facts.blocked.has(userId)) known.set(id, without(userId, facts));
      }
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

function without(userId: string, facts: PersonFacts): PersonFacts {
  const contacts = new Set([...facts.contacts].filter((contact) => contact !== userId));
  const blocked = new Map([...facts.blocked].filter(([number]) => number !== userId));
  return { ...facts, contacts, blocked };
}

/** Whatever the store promises, signaling waits for it no longer than this. */
function withinLimit<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(loadLimitMs, () => reject(new Error(`the store took over ${loadLimitMs} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
