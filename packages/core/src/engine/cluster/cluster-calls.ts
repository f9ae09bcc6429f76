import type { ServerMessage } from "@echoo/protocol";
import { type Call, isRinging } from "../../call/call.ts";
import type { Effect, TimelessInput } from "../../call/input.ts";
import type { NodeId } from "../../ports/cluster/scripts.ts";
import type { ClusterContext } from "./cluster-context.ts";
import type { NodeEnvelope, Outcome, Request, SoftMessage, Speaker } from "./envelopes.ts";
import { ForeignCalls } from "./foreign-calls.ts";
import { type ForwardedInput, ForwardedInputs } from "./forwarded-inputs.ts";
import type { HomeCall } from "./homes/home-call.ts";
import { HomeCalls, letter } from "./homes/home-calls.ts";
import { HomeDecisions } from "./homes/home-decisions.ts";
import { nodeOfSession, sessionsIn } from "./homes/snapshot.ts";
import { VersionGate } from "./version-gate.ts";

/** An asker who has not heard by then is told that the others cannot be reached; what it asked for goes on. */
const replyWithinMs = 2_000;

/** Attempts that were merged into calls elsewhere, remembered for what their clients still send; the oldest go first. */
export const mergedMax = 10_000;

/**
 * Calls of which each has one home among the nodes. What happens here to a call goes to its home, wherever that is, and
 * is told when the home's state was accepted.
 */
export class ClusterCalls {
  readonly homes: HomeCalls;
  readonly foreign = new ForeignCalls();
  readonly inputs = new ForwardedInputs();
  /** Calls that are being placed here, with what waits for them. */
  readonly placing = new Map<string, (() => void)[]>();
  readonly #gate = new VersionGate();
  readonly #merged = new Map<string, string>();
  readonly #state: ClusterContext;
  /** Of inputs that were done before their reply came. */
  readonly #unreplied = new Map<string, (outcome: Outcome) => void>();
  readonly #decisions: HomeDecisions;
  readonly #orphaned: ((callId: string) => void)[] = [];

  constructor(state: ClusterContext) {
    this.#state = state;
    this.homes = new HomeCalls({
      cluster: state.cluster,
      clock: state.clock,
      // The engine makes its book of calls after this.
      get calls() {
        return state.calls;
      },
      steady: () => state.steady(),
      applyToCall: (callId, input) => void state.applyToCall(callId, input),
      carryOut: (home, rev, effects) => this.#carryOut(home, rev, effects),
      accepted: (call, before) => state.accepted(call, before),
      lost: (callId, stored, asked) => this.#homeLost(callId, stored, asked),
    });
    this.#decisions = new HomeDecisions(state, this.homes, (lock, request, reply) => {
      this.learn(lock.callId, lock.home, lock.gen);
      this.ask(lock.callId, request, reply);
    });
  }

  /** An attempt that became another call's, at a home elsewhere. */
  merged(attempt: string, callId: string): void {
    this.#merged.set(attempt, callId);
    if (this.#merged.size <= mergedMax) return;
    const [oldest] = this.#merged.keys();
    if (oldest !== undefined) this.#merged.delete(oldest);
  }

  /** The call that an id means, which may be that of a merged attempt. */
  idOf(id: string): string {
    return this.#state.calls.get(id)?.id ?? this.#merged.get(id) ?? id;
  }

  /** What need not be sure to arrive: to the home, once, in the order of all that goes there. */
  relay(callId: string, session: Speaker, message: SoftMessage): void {
    const waiting = this.placing.get(callId);
    if (waiting) waiting.push(() => this.relay(callId, session, message));
    else if (this.homes.get(callId)) this.#state.relayed(session, message);
    else {
      const to = this.foreign.get(callId)?.home;
      if (to !== undefined) this.homes.tell(to, { kind: "relay", callId, session, message });
    }
  }

  /** Something for a session elsewhere that nobody waits for. */
  soft(session: string, message: ServerMessage): void {
    const to = nodeOfSession(session);
    if (to !== "" && to !== this.#state.cluster.node) this.homes.tell(to, { kind: "soft", session, message });
  }

  /** Whether this node has heard of the call. */
  knows(callId: string): boolean {
    return this.homes.get(callId) !== undefined || this.placing.has(callId) || this.foreign.get(callId) !== undefined;
  }

  /** Something happened here to a call, wherever its home is. The reply comes once. */
  ask(callId: string, request: Request, reply?: (outcome: Outcome) => void): ForwardedInput | undefined {
    const waiting = this.placing.get(callId);
    if (waiting) {
      waiting.push(() => void this.ask(callId, request, reply));
      return undefined;
    }
    const home = this.homes.get(callId);
    if (home && !home.isHanding) {
      this.#decisions.take(home, request, undefined, this.#within(reply));
      return undefined;
    }
    if (home) this.foreign.learn(callId, this.#state.cluster.node, home.gen);
    if (!this.foreign.get(callId)) {
      reply?.({ code: "ended" });
      return undefined;
    }
    const input = this.inputs.add(callId, request, this.#state.steady(), this.#within(reply));
    if (input) this.route(input);
    else this.#state.clock.after(0, () => reply?.({ code: "unavailable" }));
    return input;
  }

  input(callId: string, input: TimelessInput, reply?: (outcome: Outcome) => void): void {
    this.ask(callId, { type: "input", input }, reply);
  }

  /** Once, and not later than an asker waits. */
  #within(reply: ((outcome: Outcome) => void) | undefined): ((outcome: Outcome) => void) | undefined {
    if (!reply) return undefined;
    let isOver = false;
    const once = (outcome: Outcome) => {
      if (isOver) return;
      isOver = true;
      cancel();
      reply(outcome);
    };
    const cancel = this.#state.clock.after(replyWithinMs, () => once({ code: "unavailable" }));
    return once;
  }

  /** Sends an input to where its call is now. */
  route(input: ForwardedInput): void {
    const { callId, request, id } = input;
    const home = this.homes.get(callId);
    if (home) {
      if (home.isHanding) return;
      this.inputs.remove(id);
      this.#decisions.take(home, request, undefined, input.reply);
      return;
    }
    const to = this.foreign.get(callId)?.home;
    if (to === undefined) return;
    input.sentAtMs = this.#state.steady();
    const { scripts, node } = this.#state.cluster;
    scripts.tell(node, letter(to, { kind: "input", callId, from: node, inputId: id, request })).then(
      ({ code }) => {
        if (code === "dead") for (const orphaned of this.#orphaned) orphaned(callId);
      },
      () => {},
    );
  }

  /** Tells of each call that something is asked of while its home is no more. */
  onOrphaned(run: (callId: string) => void): void {
    this.#orphaned.push(run);
  }

  routeAll(callId?: string): void {
    for (const input of this.inputs.of(callId)) this.route(input);
  }

  /** The call is over, or was given up by everybody: what was asked of it is void. */
  over(callId: string): void {
    for (const { id, reply } of this.inputs.of(callId)) {
      this.inputs.remove(id);
      reply?.({ code: "ended" });
    }
  }

  received(envelope: Exclude<NodeEnvelope, { kind: "whoIsHere" }>): void {
    switch (envelope.kind) {
      case "input":
        this.#inputFrom(envelope);
        return;
      case "done":
        this.#done(envelope.inputId);
        return;
      case "reply":
        this.#replied(envelope.inputId, envelope.outcome);
        return;
      case "notMine":
        this.#lookUp(envelope.callId, envelope.inputId);
        return;
      case "send":
        this.#sent(envelope);
        return;
      case "sync":
        this.#synced(envelope);
        return;
      case "soft":
        if (this.#state.session(envelope.session)) this.#state.deliver(envelope.session, envelope.message);
        return;
      case "news":
        this.#state.heard(envelope.news);
        return;
      case "relay":
        if (this.homes.get(envelope.callId)) this.#state.relayed(envelope.session, envelope.message);
        return;
      case "replaced":
        this.#state.cut(envelope.session);
    }
  }

  /** It is not sent again; what came of it is told by a letter of its own. */
  #done(inputId: string): void {
    const { reply } = this.inputs.remove(inputId) ?? {};
    if (!reply) return;
    this.#unreplied.set(inputId, reply);
    this.#state.clock.after(replyWithinMs, () => this.#unreplied.delete(inputId));
  }

  #replied(inputId: string, outcome: Outcome): void {
    const reply = this.inputs.get(inputId)?.reply ?? this.#unreplied.get(inputId);
    this.#unreplied.delete(inputId);
    reply?.(outcome);
  }

  #inputFrom({ callId, from, inputId, request }: Extract<NodeEnvelope, { kind: "input" }>): void {
    const waiting = this.placing.get(callId);
    const home = this.homes.get(callId);
    if (waiting) {
      waiting.push(() => this.#inputFrom({ kind: "input", callId, from, inputId, request }));
    } else if (!home) {
      this.homes.tell(from, { kind: "notMine", callId, inputId });
    } else if (!home.isHanding) {
      // While a call is handed over its sender keeps the input, and sends it again.
      this.#decisions.take(home, request, { from, inputId }, (outcome) => {
        this.homes.tell(from, { kind: "reply", inputId, outcome });
      });
    }
  }

  learn(callId: string, home: string | undefined, gen: number | undefined): void {
    if (home === undefined || gen === undefined || this.homes.get(callId)) return;
    this.foreign.learn(callId, home, gen);
  }

  /** Whose call is it now? One that is over is done with. */
  #lookUp(callId: string, inputId: string): void {
    this.#state.cluster.scripts.find(callId).then(
      (found) => {
        if (found.code === "gone" || found.code === "ended") this.inputs.remove(inputId)?.reply?.({ code: "ended" });
        else if (found.code === "held") this.learn(callId, found.home, found.gen);
      },
      () => {},
    );
  }

  #carryOut(home: HomeCall, rev: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "send") this.#tell(home.id, home.gen, rev, effect.to, effect.message);
      else if (effect.type === "replaced") this.#tell(home.id, home.gen, rev, effect.session, undefined);
      else this.#state.follow(effect);
    }
  }

  #tell(callId: string, gen: number, rev: number, to: string, message: ServerMessage | undefined): void {
    if (!this.#state.session(to) || !this.#gate.passes(callId, to, gen, rev)) return;
    if (message) this.#state.deliver(to, message);
    else this.#state.cut(to);
  }

  #sent({ callId, home, gen, rev, k, session, message }: Extract<NodeEnvelope, { kind: "send" }>): void {
    const own = this.homes.get(callId);
    if (own && gen <= own.gen) return;
    const foreign = this.foreign.learn(callId, home, gen);
    if (gen < foreign.gen || k <= foreign.k) return;
    const isHole = k > foreign.k + 1;
    foreign.k = k;
    if (isHole) this.missed(callId);
    const here = this.#state.session(session);
    if (!here) return;
    if (message) this.#follow(callId, session, message);
    this.#tell(callId, gen, rev, session, message);
    // Its node knows that a device is away, and the home may not.
    if (message?.type === "offer" && here.lostAtMs !== undefined) {
      this.input(callId, { type: "lost", session, provenAtMs: here.lostAtMs });
    }
  }

  /** Which sessions here are in which foreign calls, by what they are told. */
  #follow(callId: string, session: string, message: ServerMessage): void {
    switch (message.type) {
      case "offer":
        if (!this.foreign.of(session).includes(callId)) this.foreign.takesPart(callId, session, "rings");
        return;
      case "calling":
      case "answer":
        if (!("callId" in message) || message.callId === callId) this.foreign.takesPart(callId, session, "leg");
        return;
      case "hangup":
      case "busy":
      case "reject":
        if (message.callId === callId) this.foreign.leaves(callId, session);
        return;
      default:
    }
  }

  /** Messages of a call were lost on their way here: its sessions begin anew, and are told all by their joins. */
  missed(callId: string): void {
    this.#state.cluster.counted("gaps");
    for (const session of [...(this.foreign.get(callId)?.sessions.keys() ?? [])]) this.#state.cut(session);
  }

  #synced({ callId, home, gen, k }: Extract<NodeEnvelope, { kind: "sync" }>): void {
    if (this.homes.get(callId)) return;
    const foreign = this.foreign.learn(callId, home, gen);
    if (gen < foreign.gen || k <= foreign.k) return;
    foreign.k = k;
    this.missed(callId);
  }

  #homeLost(callId: string, stored: Call | undefined, asked: readonly { readonly request: Request }[]): void {
    if (stored && stored.state !== "ended") this.#state.left.add(stored);
    if (!this.foreign.get(callId)) this.foreign.learn(callId, "?", 0);
    for (const { request } of asked) this.ask(callId, request);
  }

  /** Another node is about to take this call: what is said of it here goes there, once it has. */
  handed(home: HomeCall, to: NodeId): void {
    this.homes.giveAway(home);
    this.foreign.learn(home.id, to, home.gen);
    const { call } = home;
    if (call.state === "ended") return;
    this.#state.left.add(call);
    const as = isRinging(call) ? "rings" : "leg";
    for (const session of sessionsIn(call)) {
      if (this.#state.session(session) === undefined) continue;
      this.foreign.takesPart(home.id, session, session === call.callerLeg.session ? "leg" : as);
    }
  }

  /** A session here is no more. */
  sessionOver({ id, user }: { readonly id: string; readonly user: string }): void {
    const { scripts, node } = this.#state.cluster;
    for (const callId of this.foreign.of(id)) this.foreign.leaves(callId, id);
    scripts.leave(node, user, id).catch(() => {});
  }

  /** What was claimed and not heard of is let go of, where the answer came to nothing. */
  unclaimUnheard(): void {
    this.#decisions.unclaimUnheard();
  }

  /** This boot is over. */
  clear(): void {
    for (const { stored } of this.homes.all()) {
      if (stored && stored.call.state !== "ended") this.#state.left.add(stored.call);
    }
    this.homes.clear();
    this.foreign.clear();
    this.inputs.clear();
    this.placing.clear();
    this.#gate.clear();
    this.#decisions.clear();
    this.#unreplied.clear();
  }
}
