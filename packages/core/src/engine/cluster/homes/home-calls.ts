import type { Decided } from "../../../arbiter/call-arbiter.ts";
import type { CallIndex } from "../../../arbiter/call-index.ts";
import type { Call } from "../../../call/call.ts";
import type { CallInput, Effect } from "../../../call/input.ts";
import type { Clock, Steady } from "../../../ports/clock.ts";
import type { Cluster } from "../../../ports/cluster/cluster.ts";
import type { AdoptReply, CommitReply, HomeState, Letter, NodeId } from "../../../ports/cluster/scripts.ts";
import type { NodeEnvelope, Request } from "../envelopes.ts";
import type { Batch, HomeCall, Origin, Outgoing } from "./home-call.ts";
import { callOfSnapshot, endedFacts, factsOf, nodeOfSession, snapshotOf } from "./snapshot.ts";

/** Something is in the way that may go while the store settles: it is asked again after this. */
const againMs = 1_000;
/** An end is kept for so long, to be put back where the store loses it. */
const endKeptMs = 60_000;

/** What the homes of calls need of the engine. */
interface HomeContext {
  readonly cluster: Cluster;
  readonly calls: Pick<CallIndex, "get" | "drop" | "put">;
  readonly clock: Pick<Clock, "after">;
  steady(): Steady;
  applyToCall(callId: string, input: CallInput): void;
  /** Carries out, for sessions here, what was accepted. */
  carryOut(home: HomeCall, rev: number, effects: readonly Effect[]): void;
  /** A state counts from now on. */
  accepted(call: Call, before: Call | undefined): void;
  /** Another node decides about this call: what was asked for and not accepted is asked there. */
  lost(
    callId: string,
    stored: Call | undefined,
    asked: readonly { readonly request: Request; readonly after: readonly (() => void)[] }[],
  ): void;
}

/**
 * The calls whose home this node is. What the arbiter decides becomes a batch; batches of one call are given to the
 * store in their order, and what a batch says is told when it was accepted, never before.
 */
export class HomeCalls {
  readonly #state: HomeContext;
  readonly #homes = new Map<string, HomeCall>();
  /** What the decision that is being made was asked for by. */
  #asked: { readonly callId: string; readonly origin: Origin | undefined; request: Request | undefined } | undefined;
  /** Whether what is ours has been put back since the connection began. */
  isReady = false;

  constructor(state: HomeContext) {
    this.#state = state;
  }

  get(callId: string): HomeCall | undefined {
    return this.#homes.get(callId);
  }

  get pendingCount(): number {
    let count = 0;
    for (const { pending } of this.#homes.values()) count += pending.length;
    return count;
  }

  all(): Iterable<HomeCall> {
    return [...this.#homes.values()];
  }

  /** Makes a decision for whoever asked for it; tells whether it came to a batch, which then says that it is done. */
  decide(callId: string, origin: Origin | undefined, request: Request | undefined, act: () => void): boolean {
    const asked = { callId, origin, request };
    this.#asked = asked;
    try {
      act();
    } finally {
      if (this.#asked === asked) this.#asked = undefined;
    }
    return this.#taken === asked;
  }
  #taken: unknown;

  /** What the arbiter decided about one call. */
  readonly decided: Decided = (_before, next, effects) => {
    const home = this.#homes.get(next.id) ?? this.#made(next);
    home.call = next;
    home.rev += 1;
    const asked = this.#asked?.callId === next.id ? this.#asked : undefined;
    if (asked) {
      this.#asked = undefined;
      this.#taken = asked;
    }
    if (next.state === "ended") home.endedAtMs ??= this.#state.steady();
    const { local, remote } = this.#sorted(home, effects);
    home.pending.push({
      ...{ rev: home.rev, call: next, local, remote, sent: { ...home.sent } },
      claims: effects.flatMap((effect) => (effect.type === "claim" ? [effect.user] : [])),
      record: effects.find((effect) => effect.type === "record"),
      ...{ origin: asked?.origin, request: asked?.request, after: [], isSent: false },
    });
    this.flush(home);
  };

  #made(call: Call): HomeCall {
    const none = { stored: undefined, isHanding: false, endedAtMs: undefined };
    const isPlaced = call.state !== "ended";
    const home: HomeCall = {
      id: call.id,
      gen: 1,
      call,
      rev: 0,
      sent: {},
      pending: [],
      taken: new Set(),
      claims: 0,
      afterClaims: [],
      isPlaced,
      ...none,
    };
    this.#homes.set(call.id, home);
    return home;
  }

  #sorted(home: HomeCall, effects: readonly Effect[]): { local: Effect[]; remote: Outgoing[] } {
    const local: Effect[] = [];
    const remote: Outgoing[] = [];
    for (const effect of effects) {
      if (effect.type !== "send" && effect.type !== "replaced") {
        local.push(effect);
        continue;
      }
      const session = effect.type === "send" ? effect.to : effect.session;
      const to = nodeOfSession(session);
      if (to === this.#state.cluster.node) {
        local.push(effect);
      } else if (to !== "") {
        const k = (home.sent[to] ?? 0) + 1;
        home.sent[to] = k;
        remote.push({ to, k, session, effect });
      }
    }
    return { local, remote };
  }

  /** Runs when everything that was decided so far about a call was accepted: what it tells is of that state. */
  afterPending(callId: string, run: () => void): void {
    const last = this.#homes.get(callId)?.pending.at(-1);
    if (last) last.after.push(run);
    else run();
  }

  /** Sends what waits, in order. */
  flush(home: HomeCall): void {
    for (const batch of [...home.pending]) {
      if (!this.isReady) return;
      if (!batch.isSent) this.#send(home, batch);
    }
  }

  flushAll(): void {
    for (const home of this.all()) this.flush(home);
  }

  /** The connection is gone, and with it the answers: what was sent is sent again, for it may not have arrived. */
  disconnected(): void {
    this.isReady = false;
    for (const home of this.all()) for (const batch of home.pending) batch.isSent = false;
  }

  clear(): void {
    for (const { id } of this.all()) this.#state.calls.drop(id);
    this.#homes.clear();
    this.isReady = false;
  }

  #send(home: HomeCall, batch: Batch): void {
    batch.isSent = true;
    const { scripts, node } = this.#state.cluster;
    const at = home.pending.indexOf(batch);
    const base = at > 0 ? home.pending[at - 1]?.call : home.stored?.call;
    const state = this.#stateOf(home, batch, base);
    const { caller, callee } = batch.call;
    const commit =
      state.end && !home.isPlaced
        ? scripts.finishAtOnce(node, { callId: home.id, caller, callee, ...state.end })
        : scripts.commit(node, state).then((reply) => {
            return reply.code === "missing" ? scripts.restore(node, this.#stateOf(home, batch, undefined)) : reply;
          });
    commit.then(
      (reply) => {
        if (this.#homes.get(home.id) === home && home.pending.includes(batch)) this.#replied(home, batch, reply);
      },
      // The connection broke, or this boot is over: the next connection sends it again.
      () => {
        batch.isSent = false;
      },
    );
  }

  #stateOf(home: HomeCall, batch: Batch, base: Call | undefined): HomeState {
    const { call, rev, record } = batch;
    const end =
      call.state === "ended"
        ? { end: { tombstone: JSON.stringify(call), ...(record ? { record: JSON.stringify(record.record) } : {}) } }
        : {};
    return {
      ...{ callId: home.id, gen: home.gen, rev, claims: batch.claims, sent: JSON.stringify(batch.sent) },
      facts: call.state === "ended" ? endedFacts(call) : factsOf(call),
      fields: call.state === "ended" ? {} : snapshotOf(call, base),
      letters: this.#lettersOf(home, batch),
      ...end,
    };
  }

  #lettersOf({ id, gen }: HomeCall, { rev, remote, origin }: Batch): Letter[] {
    const home = this.#state.cluster.node;
    const letters = remote.map(({ to, k, session, effect }): Letter => {
      const message = effect.type === "send" ? { message: effect.message } : {};
      return letter(to, { kind: "send", callId: id, home, gen, rev, k, session, ...message });
    });
    return origin ? [...letters, letter(origin.from, { kind: "done", inputId: origin.inputId })] : letters;
  }

  #replied(home: HomeCall, batch: Batch, reply: CommitReply): void {
    switch (reply.code) {
      case "ok":
        if (reply.recordId !== undefined) this.#state.cluster.recordWaits(home.id, reply.recordId);
        this.#accepted(home, batch);
        return;
      case "fenced":
        this.#state.cluster.counted("fenced");
        this.drop(home);
        return;
      case "wait":
        batch.isSent = false;
        this.#state.clock.after(againMs, () => {
          if (this.#homes.get(home.id) === home) this.flush(home);
        });
        return;
      case "conflict":
        this.#conflict(home);
        return;
      case "unknown":
      case "buried":
      case "missing":
        batch.isSent = false;
    }
  }

  #accepted(home: HomeCall, batch: Batch): void {
    const before = home.stored;
    home.pending = home.pending.filter((one) => one !== batch);
    // One that had to wait may be told after a later one.
    if (!before || batch.rev > before.rev) {
      home.stored = { call: batch.call, rev: batch.rev, sent: batch.sent };
      this.#state.accepted(batch.call, before?.call);
    }
    this.#state.carryOut(home, batch.rev, batch.local);
    for (const run of batch.after) run();
  }

  /** Another call has a lock that this one needs. What was not accepted was told to nobody; the end takes its place. */
  #conflict(home: HomeCall): void {
    if (home.call.state === "ended") {
      // It has ended since: the end alone remains to be accepted.
      const waiting = home.pending.flatMap(({ call, after }) => (call.state === "ended" ? [] : after));
      home.pending = home.pending.filter(({ call }) => call.state === "ended");
      for (const batch of home.pending) batch.isSent = false;
      home.pending.at(-1)?.after.push(...waiting);
      this.flush(home);
      return;
    }
    this.#state.cluster.counted("conflicts");
    const waiting = home.pending.flatMap(({ after }) => after);
    home.pending = [];
    const stored = home.stored?.call;
    if (stored) {
      home.call = stored;
      this.#state.calls.put(stored);
      if (stored.state === "ended") return;
    }
    this.#state.applyToCall(home.id, { type: "adminEnd", nowMs: this.#state.steady() });
    home.pending.at(-1)?.after.push(...waiting);
  }

  /** It is no home any more, and nothing waits for it. */
  giveAway(home: HomeCall): void {
    this.#homes.delete(home.id);
    this.#state.calls.drop(home.id);
  }

  /** Another node has the call. */
  drop(home: HomeCall): void {
    this.giveAway(home);
    const asked = home.pending.flatMap(({ request, origin, after }) => {
      return request && !origin ? [{ request, after }] : [];
    });
    this.#state.lost(home.id, home.stored?.call, asked);
  }

  /** Puts back what the store may have lost of a call; tells its nodes how many messages they should have. */
  restore(home: HomeCall): void {
    const { stored } = home;
    if (!stored) return;
    const { scripts, node } = this.#state.cluster;
    const { call, rev, sent } = stored;
    const whole: Batch = {
      ...{ rev, call, local: [], remote: [], sent, claims: [], record: undefined, origin: undefined },
      ...{ request: undefined, after: [], isSent: true },
    };
    scripts.restore(node, this.#stateOf(home, whole, undefined)).then(
      (reply) => {
        if (this.#homes.get(home.id) !== home) return;
        if (reply.code === "fenced") this.drop(home);
        else if (reply.code === "conflict") this.#conflict(home);
        else if (reply.code === "ok") this.#sync(home, sent);
        else if (reply.code === "wait") {
          this.#state.clock.after(againMs, () => {
            if (this.#homes.get(home.id) === home) this.restore(home);
          });
        }
      },
      () => {},
    );
  }

  #sync(home: HomeCall, sent: Readonly<Record<NodeId, number>>): void {
    const { node } = this.#state.cluster;
    for (const [to, k] of Object.entries(sent)) {
      if (to !== node) this.tell(to, { kind: "sync", callId: home.id, home: node, gen: home.gen, k });
    }
  }

  tell(to: NodeId, envelope: NodeEnvelope): void {
    const { scripts, node } = this.#state.cluster;
    scripts.tell(node, letter(to, envelope)).catch(() => {});
  }

  /** The call of a home that is no more, from its snapshot. */
  adopted(callId: string, reply: Extract<AdoptReply, { code: "adopted" }>): HomeCall {
    const call = callOfSnapshot(reply.fields);
    const sent = JSON.parse(reply.sent) as Record<NodeId, number>;
    const home: HomeCall = {
      ...{ id: callId, gen: reply.gen, call, rev: reply.rev, sent: { ...sent }, pending: [] },
      ...{
        stored: { call, rev: reply.rev, sent },
        isHanding: false,
        endedAtMs: undefined,
        isPlaced: true,
        taken: new Set(),
        claims: 0,
        afterClaims: [],
      },
    };
    this.#homes.set(callId, home);
    this.#state.calls.put(call);
    return home;
  }

  /** Forgets ends that have been kept long enough. */
  tidy(): void {
    const before = this.#state.steady() - endKeptMs;
    for (const home of this.all()) {
      if (home.endedAtMs !== undefined && home.pending.length === 0 && home.endedAtMs < before) {
        this.#homes.delete(home.id);
      }
    }
  }
}

export function letter(to: NodeId, envelope: NodeEnvelope): Letter {
  return { to, text: JSON.stringify(envelope) };
}
