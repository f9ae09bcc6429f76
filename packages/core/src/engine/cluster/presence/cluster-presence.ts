import type { Clock } from "../../../ports/clock.ts";
import type { Cluster } from "../../../ports/cluster/cluster.ts";
import type { NodeId, UserPresence } from "../../../ports/cluster/scripts.ts";
import type { NodeEnvelope } from "../envelopes.ts";

/** Users whose presence elsewhere a node remembers, at most; those that were asked about longest ago go first. */
export const knownPresenceMax = 200_000;
/** Changes of one user within this are told once. */
const gatherMs = 100;
/** Users in one announcement or question, at most. */
const usersAtOnceMax = 200;
/** What was told may have been lost: it is read afresh this often. */
const refreshMs = 5 * 60_000;

/** What presence on other nodes needs of the engine. */
interface PresenceContext {
  readonly cluster: Cluster;
  readonly clock: Pick<Clock, "after">;
  /** A user of a node that died may come back for so long. */
  readonly resumeMs: number;
  /** Whether everybody is shown to everybody while they are few, and so has to be known. */
  readonly isEveryoneListed: boolean;
  /** So many are listed at most. */
  readonly listedMax: number;
  /** Users with a session here. */
  users(): Iterable<string>;
  /** Whether a session here wants to hear of changes. */
  isWatched(user: string): boolean;
  /** This user looks otherwise than before, because of what happened elsewhere. */
  heard(user: string): void;
}

interface Known {
  nodes: readonly NodeId[];
  inCall: boolean;
  at: number;
}

/** Who is there on other nodes, as far as sessions here want to know; and what the others are told of users here. */
export class ClusterPresence {
  readonly #state: PresenceContext;
  readonly #known = new Map<string, Known>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #changed = new Set<string>();
  #isScheduled = false;
  #isConnected = false;
  #stop: () => void = () => {};

  constructor(state: PresenceContext) {
    this.#state = state;
    this.#refreshLater();
  }

  stop(): void {
    this.#stop();
  }

  /** Whether the answer is in memory; while the others cannot be reached, what is there has to do. */
  isKnown(user: string): boolean {
    return !this.#isConnected || this.#known.has(user);
  }

  /** Ends once these are known, or cannot be. Never rejects. */
  async load(users: readonly string[]): Promise<void> {
    const unknown = users.filter((user) => !this.isKnown(user));
    const asked = unknown.filter((user) => !this.#loading.has(user));
    for (let at = 0; at < asked.length; at += usersAtOnceMax) this.#ask(asked.slice(at, at + usersAtOnceMax));
    await Promise.all(unknown.map((user) => this.#loading.get(user)));
  }

  isOnlineElsewhere(user: string): boolean {
    return this.#known.get(user)?.nodes.some((node) => node !== this.#state.cluster.node) ?? false;
  }

  isInCall(user: string): boolean {
    return this.#known.get(user)?.inCall ?? false;
  }

  /** Users who are known to be online on other nodes: all of them while there are few. */
  *usersElsewhere(): Iterable<string> {
    for (const user of this.#known.keys()) if (this.isOnlineElsewhere(user)) yield user;
  }

  /** Something here changed how this user looks: all nodes are told in a moment. */
  changed(user: string): void {
    this.#changed.add(user);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#state.clock.after(gatherMs, () => this.#announce());
  }

  heard(presence: readonly UserPresence[]): void {
    for (const one of presence) {
      if (this.#known.has(one.user) || (this.#state.isEveryoneListed && one.nodes.length > 0)) this.#learn(one);
    }
  }

  /** After each connection: what was told meanwhile is lost. */
  connected(): void {
    this.#isConnected = true;
    for (const user of this.#state.users()) this.#changed.add(user);
    this.#announce();
    this.#refresh();
    if (!this.#state.isEveryoneListed) return;
    const { scripts, node } = this.#state.cluster;
    const envelope: NodeEnvelope = { kind: "whoIsHere" };
    scripts.tellAll(node, JSON.stringify(envelope)).catch(() => {});
  }

  disconnected(): void {
    this.#isConnected = false;
  }

  /** Another node wants to list everybody: past what is listed one more is enough to show that they are too many. */
  listed(): void {
    let count = 0;
    for (const user of this.#state.users()) {
      if (count++ > this.#state.listedMax) break;
      this.changed(user);
    }
  }

  /** Its users may be back within the time to resume; then they are where they are. */
  died(node: NodeId): void {
    this.#state.clock.after(this.#state.resumeMs, () => {
      for (const [user, known] of this.#known) {
        if (!known.nodes.includes(node)) continue;
        known.nodes = known.nodes.filter((other) => other !== node);
        this.#state.heard(user);
      }
    });
  }

  #announce(): void {
    this.#isScheduled = false;
    const users = [...this.#changed];
    this.#changed.clear();
    for (let at = 0; at < users.length; at += usersAtOnceMax) {
      // Should it be lost, the next connection tells of everybody.
      this.#state.cluster.scripts.announce(users.slice(at, at + usersAtOnceMax)).catch(() => {});
    }
  }

  #ask(users: readonly string[]): void {
    const done = this.#state.cluster.scripts.presenceOf(users).then(
      (presence) => {
        for (const one of presence) this.#learn(one);
      },
      () => {},
    );
    for (const user of users) {
      const asked = done.then(() => void this.#loading.delete(user));
      this.#loading.set(user, asked);
    }
  }

  #learn({ user, nodes, inCall, at }: UserPresence): void {
    const known = this.#known.get(user);
    if (known && at < known.at) return;
    this.#known.delete(user);
    this.#known.set(user, { nodes, inCall, at });
    if (this.#known.size > knownPresenceMax) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    const looked = known ?? { nodes: [], inCall: false };
    if (looked.inCall !== inCall || looked.nodes.join() !== nodes.join()) this.#state.heard(user);
  }

  /** What nobody watches is forgotten, and the rest read again. */
  #refresh(): void {
    const users: string[] = [];
    for (const user of this.#known.keys()) {
      const isListed = this.#state.isEveryoneListed && this.isOnlineElsewhere(user);
      if (isListed || this.#state.isWatched(user)) users.push(user);
      else this.#known.delete(user);
    }
    // A store that lost its data counts from the beginning.
    for (const user of users) (this.#known.get(user) as Known).at = 0;
    for (let at = 0; at < users.length; at += usersAtOnceMax) this.#ask(users.slice(at, at + usersAtOnceMax));
  }

  #refreshLater(): void {
    this.#stop = this.#state.clock.after(refreshMs, () => {
      this.#refreshLater();
      if (this.#isConnected) this.#refresh();
    });
  }
}
