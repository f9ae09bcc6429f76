import type { Clock, Pause, PushDevice, PushTarget, Store, User, UserFacts, UserFactsSource } from "@echoo/core";
import { isNameShown } from "@echoo/protocol";
import { KnownFacts, type KnownFactsBounds } from "./known-facts.ts";

const loadLimitMs = 2000;
/** After this time what could not be read of a user who is online is asked for again. */
const retryMs = 2000;

/** Nothing is known of them, and nothing held against them. */
const stranger: UserFacts = {
  registered: false,
  presence: "everyone",
  doNotDisturb: false,
  blocked: new Map(),
  contacts: new Set(),
};

export interface UserFactsCache extends UserFactsSource {
  /** Reads them again after a change, unless they were never asked for. */
  refresh(userId: string): Promise<void>;
  /** The account is gone: in no user's contacts or blocks any more, as the store has it. */
  erased(userId: string): void;
  /** Tries no more to read what could not be read. */
  stop(): void;
}

interface UserFactsDeps extends KnownFactsBounds {
  readonly store: Pick<Store, "users" | "contacts" | "blocks" | "pushDevices">;
  readonly clock: Clock;
  /** Ends a step of long work: with their lists two hundred people may take a second to read. */
  readonly pause: Pause;
  readonly onFailure: (error: unknown) => void;
  /** A change of a user who is held, which could not be read at first, has been read now. */
  readonly onCaughtUp: (userId: string) => void;
}

export function createUserFactsCache(deps: UserFactsDeps): UserFactsCache {
  return new UserFactsInMemory(deps);
}

class UserFactsInMemory implements UserFactsCache {
  readonly #deps: UserFactsDeps;
  readonly #known: KnownFacts;
  /**
   * How often each is held; their facts are kept apart, and go when no session holds them: no more than there are
   * sessions.
   */
  readonly #held = new Map<string, number>();
  readonly #heldFacts = new KnownFacts({ maxPeople: Number.POSITIVE_INFINITY, maxListed: Number.POSITIVE_INFINITY });
  readonly #loading = new Map<string, Promise<UserFacts | undefined>>();
  /** Who is held, and was changed since their facts were read. */
  readonly #stale = new Set<string>();
  #cancelRetry: (() => void) | undefined;

  constructor(deps: UserFactsDeps) {
    this.#deps = deps;
    this.#known = new KnownFacts(deps);
  }

  cached(userId: string): UserFacts | undefined {
    return this.#heldFacts.get(userId) ?? this.#known.get(userId);
  }

  async load(userId: string): Promise<UserFacts | undefined> {
    return this.cached(userId) ?? this.#loading.get(userId) ?? this.#start(userId);
  }

  async refresh(userId: string): Promise<void> {
    if (this.#has(userId) || this.#loading.has(userId)) await this.#start(userId);
  }

  hold(userId: string): void {
    this.#held.set(userId, (this.#held.get(userId) ?? 0) + 1);
    const facts = this.#known.get(userId);
    if (!facts) return;
    this.#known.delete(userId);
    this.#heldFacts.set(userId, facts);
  }

  release(userId: string): void {
    const times = (this.#held.get(userId) ?? 0) - 1;
    if (times > 0) {
      this.#held.set(userId, times);
      return;
    }
    this.#held.delete(userId);
    const facts = this.#heldFacts.get(userId);
    this.#heldFacts.delete(userId);
    // Facts that are known to be old are read again at the next question.
    if (!this.#stale.delete(userId) && facts) this.#remember(userId, facts);
  }

  erased(userId: string): void {
    this.#known.unlist(userId);
    this.#heldFacts.unlist(userId);
    // What was being read may still have the number.
    for (const id of [...this.#loading.keys()]) void this.#start(id);
  }

  stop(): void {
    this.#cancelRetry?.();
    this.#stale.clear();
  }

  #has(userId: string): boolean {
    return this.#heldFacts.has(userId) || this.#known.has(userId);
  }

  #remember(userId: string, facts: UserFacts): void {
    (this.#held.has(userId) ? this.#heldFacts : this.#known).set(userId, facts);
  }

  #start(userId: string): Promise<UserFacts | undefined> {
    const { pause, clock, store } = this.#deps;
    const load = pause()
      .then(() => withinLimit(clock, readFacts({ store, clock }, userId)))
      .then(
        (facts) => {
          // A change meanwhile has started a newer load, whose facts are the ones to keep.
          if (this.#loading.get(userId) === load) this.#caughtUp(userId, facts);
          return facts;
        },
        (error: unknown) => {
          this.#deps.onFailure(error);
          if (this.#loading.get(userId) === load) this.#missed(userId);
          return undefined;
        },
      )
      .finally(() => {
        if (this.#loading.get(userId) === load) this.#loading.delete(userId);
      });
    this.#loading.set(userId, load);
    return load;
  }

  #caughtUp(userId: string, facts: UserFacts): void {
    this.#remember(userId, facts);
    if (this.#stale.delete(userId)) this.#deps.onCaughtUp(userId);
  }

  /** Of a user who is online the last that was known stands until more can be read: no blocks are undone. */
  #missed(userId: string): void {
    this.#known.delete(userId);
    if (!this.#heldFacts.has(userId)) return;
    this.#stale.add(userId);
    this.#cancelRetry ??= this.#deps.clock.after(retryMs, () => void this.#retry());
  }

  /** One after the other, and no further than the first that cannot be read either. */
  async #retry(): Promise<void> {
    for (const userId of [...this.#stale]) {
      if (this.#stale.has(userId) && !(await this.#start(userId))) break;
    }
    this.#cancelRetry = undefined;
    if (this.#stale.size > 0) this.#cancelRetry = this.#deps.clock.after(retryMs, () => void this.#retry());
  }
}

async function readFacts({ store, clock }: Pick<UserFactsDeps, "store" | "clock">, userId: string): Promise<UserFacts> {
  const [user, contacts, blocks, devices] = await Promise.all([
    store.users.find(userId),
    store.contacts.list(userId),
    store.blocks.list(userId),
    store.pushDevices.list(userId, clock.now()),
  ]);
  if (user === undefined) return stranger;
  return {
    registered: true,
    presence: user.presence,
    doNotDisturb: user.doNotDisturb,
    blocked: new Map(blocks.map((block) => [block.blocked, block.createdAtMs])),
    contacts: new Set(contacts.map((contact) => contact.contact)),
    ...shownName(user),
    ...(user.lastSeenAtMs === undefined ? {} : { lastSeenAtMs: user.lastSeenAtMs }),
    ...(devices.length === 0 ? {} : { push: devices.map(pushTarget) }),
  };
}

/** The sessions of a device are those of its token; each token of the host product is another one, and its device is one. */
function pushTarget({ deviceId: device, tokenId: token, tokenKind }: PushDevice): PushTarget {
  return tokenKind === "own" ? { device, token } : { device };
}

/** Who is rung takes it for a name: one that is no name, kept from an earlier version or not, is not told. */
function shownName({ displayName }: Pick<User, "displayName">): Pick<UserFacts, "displayName"> {
  return displayName !== undefined && isNameShown(displayName) ? { displayName } : {};
}

/** Whatever the store promises, signaling waits for it no longer than this. */
function withinLimit<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(loadLimitMs, () => reject(new Error(`the store took over ${loadLimitMs} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
