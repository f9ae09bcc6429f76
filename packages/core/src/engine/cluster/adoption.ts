import { isRinging } from "../../call/call.ts";
import type { Clock, Steady } from "../../ports/clock.ts";
import type { Cluster, ClusterListener } from "../../ports/cluster/cluster.ts";
import type { NodeId, SessionEntry, StoreEnvelope, UserPresence } from "../../ports/cluster/scripts.ts";
import type { ClusterCalls } from "./cluster-calls.ts";
import type { ClusterContext } from "./cluster-context.ts";
import type { NodeEnvelope } from "./envelopes.ts";
import { nodeOfSession, sessionsIn } from "./homes/snapshot.ts";
import type { LeftCalls } from "./left-calls.ts";
import type { LiveNews } from "./live-news.ts";

/** So long after a connection it is asked whether the calls of others still exist. */
const askAfterMs = 8_000;
const tickMs = 1_000;
/** An input that nobody has taken in is sent again after this. */
const resendMs = 3_000;
/** What the store takes for ours is compared with what we know this often. */
const auditMs = 30_000;
/** Nodes that hear at once of a death do not all ask at once. */
const spreadMs = 300;

/** What taking calls over needs of the engine, besides what calls across nodes need. */
export interface AdoptionContext extends ClusterContext {
  readonly left: LeftCalls;
  readonly cluster: Cluster;
  readonly clock: Pick<Clock, "after">;
  steady(): Steady;
  /** Every session here, as the others know it. */
  sessionEntries(): readonly SessionEntry[];
  /** Every session here is over, and its client is cut off. */
  cutAll(): void;
}

/** Keeps what this node and the store know of calls the same: after connections, deaths and losses of data. */
export class Adoption implements ClusterListener {
  readonly #state: AdoptionContext;
  readonly #calls: ClusterCalls;
  readonly #left: LeftCalls;
  readonly #news: LiveNews;
  readonly #adopting = new Set<string>();
  #connection = 0;
  #stop: () => void = () => {};
  #sinceAuditMs = 0;

  constructor(state: AdoptionContext, calls: ClusterCalls, left: LeftCalls, news: LiveNews) {
    this.#state = state;
    this.#calls = calls;
    this.#left = left;
    this.#news = news;
    calls.onOrphaned((callId) => this.adopt(callId));
    this.#tick();
  }

  stop(): void {
    this.#stop();
  }

  /** Whether the store may be asked, and knows what is ours. */
  get isReady(): boolean {
    return this.#calls.homes.isReady && !this.#state.cluster.isAway;
  }

  connected(): void {
    this.#connection += 1;
    const connection = this.#connection;
    for (const session of this.#state.sessionEntries()) this.register(session);
    const { homes } = this.#calls;
    for (const home of homes.all()) homes.restore(home);
    const { scripts, node } = this.#state.cluster;
    // Its answer is the last: what was asked before has been answered then.
    scripts.callsOf(node).then(
      (ids) => {
        if (connection !== this.#connection) return;
        this.#audit(ids);
        this.#calls.unclaimUnheard();
        homes.isReady = true;
        homes.flushAll();
        this.#news.flush();
        this.#state.elsewhere.connected();
        this.#calls.routeAll();
        this.#state.clock.after(askAfterMs, () => {
          if (connection === this.#connection) this.#askForForeign();
        });
      },
      () => {},
    );
  }

  disconnected(): void {
    this.#connection += 1;
    this.#calls.homes.disconnected();
    this.#state.elsewhere.disconnected();
  }

  buried(): void {
    this.#connection += 1;
    this.#calls.clear();
    this.#adopting.clear();
    this.#state.cutAll();
  }

  presence(heard: readonly UserPresence[]): void {
    this.#state.elsewhere.heard(heard);
  }

  received(envelope: StoreEnvelope | NodeEnvelope | { readonly kind: string }): void {
    const known = envelope as StoreEnvelope | NodeEnvelope;
    switch (known.kind) {
      case "probe":
        return;
      case "buried":
        this.#died(known.node);
        this.#state.elsewhere.died(known.node);
        return;
      case "whoIsHere":
        this.#state.elsewhere.listed();
        return;
      case "taken":
        this.#taken(known.callId);
        return;
      case "adopted":
        this.#adoptedElsewhere(known.callId, known.home, known.gen);
        return;
      case "take":
        this.adopt(known.callId);
        return;
      default:
        this.#calls.received(known);
    }
  }

  orphaned(homes: readonly NodeId[]): void {
    homes.forEach((home, at) => {
      this.#sweep(home, at);
    });
  }

  /** A session is here; rings that it has not heard of ask it. */
  register(entry: SessionEntry): void {
    const { scripts, node } = this.#state.cluster;
    scripts.join(node, entry).then(
      (reply) => {
        if (reply.code !== "ok") return;
        for (const { callId, home, gen } of reply.rings) {
          this.#calls.learn(callId, home, gen);
          this.online(callId, entry.session);
        }
      },
      () => {},
    );
  }

  online(callId: string, session: string): void {
    const here = this.#state.session(session);
    if (!here || this.#calls.foreign.of(session).includes(callId)) return;
    const device = here.asDevice();
    // What its screen has is known here alone.
    const isTaken = !device.can.namesCalls && this.#calls.foreign.of(session).length > 0;
    this.#calls.input(callId, { type: "online", device, isTaken });
  }

  /** The rival has the lock: the ring ends, wherever it is. */
  #taken(callId: string): void {
    if (this.#calls.homes.get(callId) || this.#calls.placing.has(callId)) {
      this.#calls.input(callId, { type: "calleeTaken" });
    }
  }

  #died(node: NodeId): void {
    const nowMs = this.#state.steady();
    for (const { id, call } of this.#calls.homes.all()) {
      if (call.state === "ended") continue;
      for (const session of sessionsIn(call)) {
        if (nodeOfSession(session) !== node) continue;
        this.#state.applyToCall(id, { type: "lost", nowMs, session, provenAtMs: nowMs });
      }
    }
    let at = 0;
    for (const [callId, { home }] of this.#calls.foreign.entries()) {
      if (home !== node) continue;
      this.#state.clock.after((at++ * 37) % spreadMs, () => this.adopt(callId));
    }
    this.#sweep(node, 1);
  }

  /** The calls of a home that is no more. */
  #sweep(home: NodeId, at: number): void {
    this.#state.clock.after(100 + ((at * 53) % spreadMs), () => {
      this.#state.cluster.scripts.callsOf(home).then(
        (ids) => {
          for (const id of ids) this.adopt(id);
        },
        () => {},
      );
    });
  }

  /** Makes this node the home of a call, if nobody else has become that meanwhile. */
  adopt(callId: string): void {
    const { homes, placing } = this.#calls;
    if (homes.get(callId) || this.#adopting.has(callId) || placing.has(callId)) return;
    this.#adopting.add(callId);
    const { scripts, node } = this.#state.cluster;
    scripts.adopt(node, callId).then(
      (reply) => {
        this.#adopting.delete(callId);
        if (homes.get(callId)) return;
        if (reply.code === "gone") {
          this.#calls.over(callId);
        } else if (reply.code === "held") {
          this.#calls.learn(callId, reply.home, reply.gen);
          this.#calls.routeAll(callId);
        } else if (reply.code === "adopted") {
          homes.adopted(callId, reply);
          this.#state.cluster.counted("adopted");
          this.#goesOn(callId, reply.isCalleeTaken);
        }
      },
      () => {
        this.#adopting.delete(callId);
      },
    );
  }

  /** The adopter goes on by the state, as after a restart; whose sessions live is back at once. */
  #goesOn(callId: string, isCalleeTaken: boolean): void {
    const nowMs = this.#state.steady();
    const before = this.#calls.homes.get(callId)?.call;
    if (before && isRinging(before)) {
      // A claim of the former home's that came to nothing.
      this.#state.cluster.scripts.unclaim(this.#state.cluster.node, callId, before.callee).catch(() => {});
    }
    this.#state.applyToCall(callId, { type: "restarted", nowMs, provenAtMs: nowMs, adopted: true });
    if (before && before.state !== "ended") {
      for (const session of sessionsIn(before)) {
        const here = this.#state.session(session);
        if (here && here.lostAtMs === undefined) {
          this.#back(callId, session, isRinging(before) && here.user === before.callee);
        }
      }
    }
    if (isCalleeTaken) this.#state.applyToCall(callId, { type: "calleeTaken", nowMs: this.#state.steady() });
    this.#calls.foreign.forget(callId);
    this.#calls.routeAll(callId);
  }

  #adoptedElsewhere(callId: string, home: NodeId, gen: number): void {
    this.#calls.learn(callId, home, gen);
    for (const [session, as] of this.#calls.foreign.get(callId)?.sessions ?? []) {
      const here = this.#state.session(session);
      if (here && here.lostAtMs === undefined) this.#back(callId, session, as === "rings");
    }
    this.#calls.routeAll(callId);
  }

  /** A ring asks the devices anew that it has not been told of. */
  #back(callId: string, session: string, isRung: boolean): void {
    this.#calls.input(callId, { type: "back", session });
    const device = this.#state.session(session)?.asDevice();
    if (isRung && device) this.#calls.input(callId, { type: "online", device, isTaken: false });
  }

  /** What the store takes for ours and we have not heard of: a place that came to nothing, or an adoption. */
  #audit(ids: readonly string[]): void {
    const { scripts, node } = this.#state.cluster;
    for (const id of ids) {
      if (this.#calls.homes.get(id) || this.#calls.placing.has(id)) continue;
      scripts.abandon(node, id).then(
        (isAbandoned) => {
          if (!isAbandoned && !this.#calls.homes.get(id)) this.adopt(id);
        },
        () => {},
      );
    }
  }

  /** Sessions may be in calls that nobody knows any more. */
  #askForForeign(): void {
    for (const [callId, { sessions }] of this.#calls.foreign.entries()) {
      if (sessions.size === 0 || this.#calls.homes.get(callId)) continue;
      this.#state.cluster.scripts.find(callId).then(
        ({ code }) => {
          if ((code === "gone" || code === "ended") && !this.#calls.homes.get(callId)) this.#calls.missed(callId);
        },
        () => {},
      );
    }
  }

  #tick(): void {
    this.#stop = this.#state.clock.after(tickMs, () => {
      this.#tick();
      this.#calls.homes.tidy();
      if (!this.#calls.homes.isReady) return;
      const before = this.#state.steady() - resendMs;
      for (const input of this.#calls.inputs.of()) if (input.sentAtMs <= before) this.#calls.route(input);
      this.#left.look();
      this.#sinceAuditMs += tickMs;
      if (this.#sinceAuditMs < auditMs) return;
      this.#sinceAuditMs = 0;
      const { scripts, node } = this.#state.cluster;
      scripts.callsOf(node).then(
        (ids) => this.#audit(ids),
        () => {},
      );
    });
  }
}
