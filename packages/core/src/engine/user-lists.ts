import { limits, type ServerMessage } from "@echoo/protocol";
import type { Steady } from "../ports/clock.ts";
import type { LivePresence } from "../ports/signaling-control.ts";
import { PresenceBoard, type Watcher } from "../presence/presence-board.ts";
import type { ClusterPresence } from "./cluster/presence/cluster-presence.ts";
import type { Session } from "./sessions/session.ts";
import type { SessionRegistry } from "./sessions/session-registry.ts";
import { contactsAndPeers, isEveryoneListed, visibleUsers, type WhoIsHere } from "./visible-users.ts";

/** A list is not sent to the same session again sooner than this. */
const periodMs = 1_000;

/** What the lists are made from, and sent by. */
interface Listing extends WhoIsHere {
  readonly sessions: Pick<SessionRegistry, "of">;
  /** Where there are other nodes: whom the lists are about has to be asked for first. */
  readonly elsewhere: Pick<ClusterPresence, "isKnown" | "load"> | undefined;
  presenceOf(user: string): LivePresence;
  steady(): Steady;
  send(session: Session, message: ServerMessage): void;
}

interface Reader extends Watcher {
  readonly session: Session;
  told: string;
  toldAtMs: Steady;
}

/**
 * Tells clients that cannot watch users who is online: at their join, and again when it changes. A user who comes costs
 * a list to each session that shows this user, and no session gets more than a list a second, however many come. All
 * users are shown to all only while few are online, so what a join costs does not grow with their number.
 */
export class UserLists {
  readonly #state: Listing;
  readonly #readers = new Map<Session, Reader>();
  /** Which sessions show which user, where not all users are listed. */
  readonly #interest: PresenceBoard<Reader>;
  readonly #due = new Set<Reader>();
  #isEveryoneDue = false;
  #wasEveryone = false;

  constructor(state: Listing) {
    this.#state = state;
    this.#interest = new PresenceBoard({
      presenceOf: (user) => state.presenceOf(user),
      factsOf: (user) => state.factsOf(user),
    });
  }

  /** Sends the first list, even an empty one: some clients show themselves as connecting until it comes. */
  add(session: Session): void {
    const reader: Reader = {
      session,
      user: session.user,
      watched: new Map(),
      told: "",
      toldAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#readers.set(session, reader);
    this.#tell(reader, visibleUsers(this.#state, reader.user));
  }

  /** Whether a list here shows this user. */
  isWatched(user: string): boolean {
    return this.#interest.isWatched(user);
  }

  remove(session: Session): void {
    const reader = this.#readers.get(session);
    if (!reader) return;
    this.#readers.delete(session);
    this.#due.delete(reader);
    this.#interest.unwatch(reader, [...reader.watched.keys()]);
  }

  /** This user came, went, or is to be seen by others than before. */
  changed(user: string): void {
    const isEveryone = isEveryoneListed(this.#state);
    this.#isEveryoneDue ||= isEveryone || this.#wasEveryone;
    this.#wasEveryone = isEveryone;
    this.#interest.changed(user);
    for (const session of this.#state.sessions.of(user)) {
      const reader = this.#readers.get(session);
      if (reader) this.#due.add(reader);
    }
  }

  /** Call every second: sends what is new to those who were not told within the last one. */
  send(): void {
    for (const reader of this.#interest.takeNews().keys()) this.#due.add(reader);
    if (this.#isEveryoneDue) for (const reader of this.#readers.values()) this.#due.add(reader);
    this.#isEveryoneDue = false;
    const nowMs = this.#state.steady();
    for (const reader of this.#due) {
      if (nowMs - reader.toldAtMs < periodMs) continue;
      this.#due.delete(reader);
      // A client without a connection gets its list at the next join.
      if (!reader.session.link) continue;
      const users = visibleUsers(this.#state, reader.user);
      if (users.join() !== reader.told) this.#tell(reader, users);
      else this.#follow(reader);
    }
  }

  #tell(reader: Reader, users: string[]): void {
    reader.told = users.join();
    reader.toldAtMs = this.#state.steady();
    this.#state.send(reader.session, { type: "userList", users });
    this.#follow(reader);
  }

  /** Notes whose coming and going this reader is to hear of from now on. */
  #follow(reader: Reader): void {
    const wanted = isEveryoneListed(this.#state) ? new Set<string>() : contactsAndPeers(this.#state, reader.user);
    const dropped = [...reader.watched.keys()].filter((user) => !wanted.has(user));
    const added = [...wanted].filter((user) => !reader.watched.has(user));
    this.#interest.unwatch(reader, dropped);
    this.#interest.watch(reader, added, limits.contactsPerUser);
    // What comes of it is heard as a change.
    void this.#state.elsewhere?.load(added);
  }
}
