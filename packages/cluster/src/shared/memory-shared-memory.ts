import { ClusterAway, type SharedLimit, type SharedMemory } from "@echoo/core";
import { type SharedBounds, sharedBounds, sharedDayMs } from "./shared-bounds.ts";

interface Use {
  readonly id: string;
  readonly token: string;
  readonly atMs: number;
}

/** The shared memory as an object of one process, for tests and simulations of several nodes. */
export class MemorySharedMemory implements SharedMemory {
  readonly #nowMs: () => number;
  readonly #most: SharedBounds;
  readonly #back: (() => void)[] = [];
  #isAway = false;
  readonly #moments = new Map<string, Map<string, number[]>>();
  #day = -1;
  #asked = new Map<string, Set<string>>();
  readonly #uses = new Map<string, Map<string, readonly Use[]>>();
  readonly #withdrawn = new Map<string, { readonly atMs: number; readonly untilMs: number }>();
  #proxySeenMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number, most: SharedBounds = sharedBounds) {
    this.#nowMs = nowMs;
    this.#most = most;
  }

  /** From now on nobody can ask it, or everybody again. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    if (!isAway) for (const run of this.#back) run();
  }

  onBack(run: () => void): void {
    this.#back.push(run);
    if (!this.#isAway) run();
  }

  readonly limits: SharedMemory["limits"] = {
    look: (limit, key) => this.#step(() => this.#look(limit, key)),
    take: (limit, key) =>
      this.#step(() => {
        const { waitMs } = this.#look(limit, key);
        if (waitMs > 0) return waitMs;
        const keys = this.#moments.get(limit.name) ?? new Map<string, number[]>();
        const moments = [...(keys.get(key) ?? []), this.#nowMs()];
        keys.delete(key);
        this.#moments.set(limit.name, keys.set(key, moments));
        const [quietest] = keys.keys();
        if (keys.size > this.#most.limitedKeysMax && quietest !== undefined) keys.delete(quietest);
        return 0;
      }),
    giveBack: (limit, key) =>
      this.#step(() => {
        this.#look(limit, key);
        const keys = this.#moments.get(limit.name);
        const left = keys?.get(key)?.slice(0, -1) ?? [];
        if (left.length > 0) keys?.set(key, left);
        else keys?.delete(key);
      }),
  };

  readonly strangers: SharedMemory["strangers"] = {
    ask: (user, about, perDay) =>
      this.#step(() => {
        const nowMs = this.#nowMs();
        const day = Math.floor(nowMs / sharedDayMs);
        if (day !== this.#day) this.#asked = new Map();
        this.#day = day;
        const known = this.#asked.get(user);
        const hasRoom = known === undefined ? this.#asked.size < this.#most.askersMax : known.size < perDay;
        const isAllowed = known?.has(about) === true || hasRoom;
        if (isAllowed) this.#asked.set(user, (known ?? new Set()).add(about));
        const count = this.#asked.get(user)?.size ?? 0;
        return { isAllowed, count, day, dayLeftMs: (day + 1) * sharedDayMs - nowMs };
      }),
  };

  readonly addresses: SharedMemory["addresses"] = {
    noteUse: (user, address, { id, token, agoMs }, tokensMax) =>
      this.#step(() => {
        const places = this.#uses.get(user) ?? new Map<string, readonly Use[]>();
        const others = (places.get(address) ?? []).filter((use) => use.id !== id);
        const newestFirst = [{ id, token, atMs: this.#nowMs() - agoMs }, ...others].toSorted((a, b) => b.atMs - a.atMs);
        places.delete(address);
        this.#uses.set(user, places.set(address, newestFirst.slice(0, tokensMax)));
        const [quietest] = places.keys();
        if (places.size > this.#most.addressesPerUserMax && quietest !== undefined) places.delete(quietest);
      }),
    uses: (user, address) =>
      this.#step(() => {
        const all = this.#uses.get(user)?.get(address) ?? [];
        const found = all.map(({ token, atMs }) => ({ token, agoMs: this.#nowMs() - atMs }));
        return found.filter(({ agoMs }) => agoMs < sharedDayMs);
      }),
  };

  readonly withdrawals: SharedMemory["withdrawals"] = {
    withdraw: (name, rememberedMs) =>
      this.#step(() => {
        const atMs = this.#nowMs();
        this.#withdrawn.delete(name);
        this.#withdrawn.set(name, { atMs, untilMs: atMs + rememberedMs });
        const [first] = this.#withdrawn.keys();
        if (this.#withdrawn.size > this.#most.withdrawnMax && first !== undefined) this.#withdrawn.delete(first);
      }),
    withdrawnAgoMs: (names) =>
      this.#step(() =>
        names.map((name) => {
          const found = this.#withdrawn.get(name);
          return found && found.untilMs > this.#nowMs() ? this.#nowMs() - found.atMs : undefined;
        }),
      ),
  };

  readonly trust: SharedMemory["trust"] = {
    sawProxy: () =>
      this.#step(() => {
        this.#proxySeenMs = this.#nowMs();
      }),
    wasProxySeen: () => this.#step(() => this.#nowMs() - this.#proxySeenMs < sharedDayMs),
  };

  async #step<T>(take: () => T): Promise<T> {
    if (this.#isAway) throw new ClusterAway();
    return take();
  }

  #look({ name, max, windowMs }: SharedLimit, key: string): { readonly count: number; readonly waitMs: number } {
    const nowMs = this.#nowMs();
    const keys = this.#moments.get(name);
    const recent = (keys?.get(key) ?? []).filter((moment) => moment > nowMs - windowMs);
    if (recent.length > 0) keys?.set(key, recent);
    else keys?.delete(key);
    const first = recent[recent.length - max];
    return { count: recent.length, waitMs: first === undefined ? 0 : first + windowMs - nowMs };
  }
}
