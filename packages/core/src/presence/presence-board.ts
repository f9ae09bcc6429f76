import type { PresenceEntry } from "@echoo/protocol";
import type { LivePresence } from "../ports/signaling-control.ts";
import type { UserFacts } from "../ports/user-facts.ts";
import { isVisibleTo, lastSeenBy, showsPresence } from "./visibility.ts";

/** A session that wants to know about users, and what it was last told of each. */
export interface Watcher {
  readonly user: string;
  readonly watched: Map<string, string>;
}

interface PresenceSource {
  presenceOf(user: string): LivePresence;
  factsOf(user: string): UserFacts | undefined;
}

/**
 * Who watches whom. A change costs as much as there are watchers of that user; changes are gathered until they are
 * taken, so a user who comes and goes within a turn causes one message at most.
 */
export class PresenceBoard<W extends Watcher> {
  readonly #watchers = new Map<string, Set<W>>();
  readonly #changed = new Set<string>();
  readonly #source: PresenceSource;

  constructor(source: PresenceSource) {
    this.#source = source;
  }

  /** Starts watching; the result is how things stand. Past `max` the rest is not watched. */
  watch(watcher: W, users: readonly string[], max: number): PresenceEntry[] {
    const entries: PresenceEntry[] = [];
    for (const user of users) {
      if (watcher.watched.size >= max && !watcher.watched.has(user)) break;
      const watchers = this.#watchers.get(user);
      if (watchers) watchers.add(watcher);
      else this.#watchers.set(user, new Set([watcher]));
      entries.push(this.#tell(watcher, user));
    }
    return entries;
  }

  unwatch(watcher: W, users: Iterable<string>): void {
    for (const user of users) {
      watcher.watched.delete(user);
      const watchers = this.#watchers.get(user);
      if (watchers?.delete(watcher) && watchers.size === 0) this.#watchers.delete(user);
    }
  }

  /** Everything this watcher watches, afresh. */
  current(watcher: W): PresenceEntry[] {
    return [...watcher.watched.keys()].map((user) => this.#tell(watcher, user));
  }

  isWatched(user: string): boolean {
    return this.#watchers.has(user);
  }

  changed(user: string): void {
    if (this.#watchers.has(user)) this.#changed.add(user);
  }

  /** What each watcher does not know yet. */
  takeNews(): Map<W, PresenceEntry[]> {
    const news = new Map<W, PresenceEntry[]>();
    for (const user of this.#changed) {
      for (const watcher of this.#watchers.get(user) ?? []) {
        const known = watcher.watched.get(user);
        const entry = this.#tell(watcher, user);
        if (known === watcher.watched.get(user)) continue;
        const entries = news.get(watcher);
        if (entries) entries.push(entry);
        else news.set(watcher, [entry]);
      }
    }
    this.#changed.clear();
    return news;
  }

  /** How a user looks to a viewer. */
  entry(viewer: string, user: string): PresenceEntry {
    const facts = this.#source.factsOf(user);
    const isBlocked = facts?.blocked.has(viewer) ?? false;
    if (!facts || (viewer !== user && !isBlocked && !isVisibleTo(facts, viewer)))
      return { userId: user, online: false };
    const { online, inCall } = this.#source.presenceOf(user);
    if (online && !isBlocked) return { userId: user, online, inCall };
    // A user who hides their presence from all viewers hides this as well.
    if (isBlocked && !showsPresence(facts, viewer)) return { userId: user, online: false };
    const lastSeenAt = lastSeenBy(facts, viewer);
    return { userId: user, online: false, ...(lastSeenAt === undefined ? {} : { lastSeenAt }) };
  }

  #tell(watcher: W, user: string): PresenceEntry {
    const entry = this.entry(watcher.user, user);
    watcher.watched.set(user, `${entry.online}${entry.inCall ?? ""}`);
    return entry;
  }
}
