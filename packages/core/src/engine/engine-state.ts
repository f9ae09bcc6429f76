import type { ServerMessage } from "@echoo/protocol";
import { CallArbiter, type UntoldEnd } from "../arbiter/call-arbiter.ts";
import type { CallIndex } from "../arbiter/call-index.ts";
import type { OfferRequest } from "../arbiter/place-offer.ts";
import type { Call, UnfinishedCall } from "../call/call.ts";
import type { CallInput, Effect, TimelessInput } from "../call/input.ts";
import type { CallRecord } from "../call/record.ts";
import type { Refused } from "../call/step.ts";
import type { Instant, Steady } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster/cluster.ts";
import type { SampleBatch } from "../ports/journal.ts";
import type { UserFacts } from "../ports/user-facts.ts";
import { PresenceBoard } from "../presence/presence-board.ts";
import { SampleIntake } from "../quality/sample-intake.ts";
import { RisingInstant } from "../time/rising-instant.ts";
import { Timeline } from "../time/timeline.ts";
import { CallTimers } from "./call-timers.ts";
import { AcceptedCalls } from "./cluster/accepted-calls.ts";
import type { ClusterCalls } from "./cluster/cluster-calls.ts";
import { ClusterPresence } from "./cluster/presence/cluster-presence.ts";
import { OnlineEverywhere } from "./cluster/presence/online-everywhere.ts";
import { Delivery } from "./delivery.ts";
import type { EngineOptions } from "./engine-options.ts";
import { PushDispatcher } from "./push/push-dispatcher.ts";
import { QualityMonitor } from "./quality-monitor.ts";
import { withServerFacts } from "./record-facts.ts";
import type { Session } from "./sessions/session.ts";
import { SessionRegistry } from "./sessions/session-registry.ts";
import { UserLists } from "./user-lists.ts";
import { listedUsersMax, type OnlineUsers } from "./visible-users.ts";

/** What the parts of the engine share: calls, sessions, presence, and the carrying out of effects. */
export class EngineState {
  readonly options: EngineOptions;
  readonly #callsChanged: (calls: readonly Call[]) => void;
  readonly timeline: Timeline;
  readonly arbiter: CallArbiter;
  readonly calls: CallIndex;
  readonly sessions = new SessionRegistry();
  readonly presence: PresenceBoard<Session>;
  readonly delivery: Delivery;
  readonly timers: CallTimers;
  readonly push: PushDispatcher;
  readonly quality = new QualityMonitor();
  readonly #intake = new SampleIntake();
  readonly userLists: UserLists;
  /** Creations of calls, which order histories. */
  readonly created = new RisingInstant();
  /** Calls across nodes, where there are other nodes. */
  readonly cluster: ClusterCalls | undefined;
  readonly accepted = new AcceptedCalls();
  /** Who is there on other nodes; absent on a single node. */
  readonly elsewhere: ClusterPresence | undefined;
  readonly online: OnlineUsers;
  #isPresenceScheduled = false;

  /**
   * `callsChanged` is told of the calls that an input changed, as they are now. `makeCluster` makes what calls across
   * nodes need; a single node has none, and decides, writes and tells within one turn.
   */
  constructor(
    options: EngineOptions,
    callsChanged: (calls: readonly Call[]) => void,
    makeCluster?: (state: EngineState) => ClusterCalls,
  ) {
    this.options = options;
    this.#callsChanged = callsChanged;
    this.timeline = new Timeline(options.clock);
    this.cluster = makeCluster?.(this);
    this.arbiter = new CallArbiter(options.deadlines, options.unanswered, this.cluster?.homes.decided);
    this.calls = this.arbiter.calls;
    this.elsewhere = options.cluster && this.#presenceElsewhere(options.cluster);
    this.online = this.elsewhere === undefined ? this.sessions : new OnlineEverywhere(this.sessions, this.elsewhere);
    this.presence = new PresenceBoard({
      presenceOf: (user) => this.presenceOf(user),
      factsOf: (user) => this.factsOf(user),
    });
    this.userLists = new UserLists(this);
    // Where there are other nodes, the arbiter itself changes only what it remembers of calls that are over.
    const takeChanged = () =>
      this.cluster === undefined
        ? this.arbiter.takeChanged()
        : [...this.accepted.take(), ...this.arbiter.takeChanged()];
    this.delivery = new Delivery(options, this.timeline, takeChanged);
    this.push = new PushDispatcher(this);
    this.timers = new CallTimers(options.clock, this.timeline, options.deadlines, (callId) => {
      this.applyToCall(callId, { type: "time", nowMs: this.steady() });
      // A timer may fire a moment before the clock says so: then nothing was due yet, and it has to be set again.
      const call = this.calls.get(callId);
      if (call) this.timers.follow(call);
    });
  }

  /** The wall clock: for what is told and stored, and for the ends of tokens. */
  now(): Instant {
    return this.options.clock.now();
  }

  /** The time that calls, waits and lengths go by; it goes on over a restart. */
  steady(): Steady {
    return this.timeline.now();
  }

  presenceOf(user: string): { online: boolean; inCall: boolean } {
    // A user in a call is shown as online, also while their socket is gone.
    const inCall = this.calls.liveOf(user) !== undefined || (this.elsewhere?.isInCall(user) ?? false);
    return { online: inCall || this.online.isOnline(user), inCall };
  }

  #presenceElsewhere(cluster: Cluster): ClusterPresence {
    const { clock, deadlines, everyoneListed } = this.options;
    return new ClusterPresence({
      ...{ cluster, clock, resumeMs: deadlines.resumeMs, isEveryoneListed: everyoneListed, listedMax: listedUsersMax },
      users: () => this.sessions.users(),
      isWatched: (user) => this.presence.isWatched(user) || this.userLists.isWatched(user),
      heard: (user) => this.#looksOtherwise(user),
    });
  }

  factsOf(user: string): UserFacts | undefined {
    return this.options.userFacts.cached(user);
  }

  /** What is known of users who are here stays in memory. */
  addSession(session: Session): void {
    this.options.userFacts.hold(session.user);
    this.sessions.add(session);
  }

  removeSession(session: Session): void {
    this.sessions.remove(session);
    this.options.userFacts.release(session.user);
    this.cluster?.sessionOver(session);
  }

  /** Where there are other nodes, who has the id knows the node. */
  sessionId(): string {
    const id = this.options.ids.sessionId();
    return this.options.cluster === undefined ? id : `${this.options.cluster.node}.${id}`;
  }

  /** Passes on to a session by its id, wherever it is, what one device of a call says to the other and changes nothing. */
  sendTo(sessionId: string, message: ServerMessage): void {
    const session = this.sessions.get(sessionId);
    if (session) this.delivery.pass(session, message);
    else this.cluster?.soft(sessionId, message);
  }

  /** A call that keeps a candidate more. Where there are other nodes, its home decides that like all else. */
  keep(next: UnfinishedCall): void {
    this.arbiter.keep(next);
    this.delivery.schedule();
  }

  /** Gives an input to all calls that a session takes part in, wherever they are decided. */
  happened(session: string, input: TimelessInput): void {
    const calls = this.calls.ofSession(session);
    if (this.cluster === undefined) {
      const nowMs = this.steady();
      for (const call of calls) this.applyToCall(call.id, { ...input, nowMs } as CallInput);
      return;
    }
    const ids = [...calls.map(({ id }) => id), ...this.cluster.foreign.of(session)];
    for (const id of ids) this.cluster.input(id, input);
  }

  /** Its calls here have ended already: those that other nodes decide end as well. */
  revokedElsewhere(session: string): void {
    for (const callId of this.cluster?.foreign.of(session) ?? []) {
      const isLeg = this.cluster?.foreign.get(callId)?.sessions.get(session) === "leg";
      this.cluster?.input(callId, isLeg ? { type: "adminEnd" } : { type: "gone", session });
    }
  }

  /** A call that other nodes let this user place. */
  createCall(request: OfferRequest, isCalleeLive: boolean): Call {
    const call = this.arbiter.create(request, isCalleeLive);
    this.#carryOut();
    return call;
  }

  send(session: Session, message: ServerMessage): void {
    this.delivery.send(session, message);
  }

  /** Keeps samples for the store; the result is how long their reporter has to wait instead, 0 where they are kept. */
  keepSamples(batch: SampleBatch): number {
    const taken = this.#intake.take(batch, this.steady());
    if (typeof taken === "number") return taken;
    for (const piece of taken) this.delivery.keepSamples(piece);
    return 0;
  }

  /** Has an offer decided and carries out what follows; the result is the sender's refusal, where it is one. */
  placeOffer(request: OfferRequest): Refused | undefined {
    const refused = this.arbiter.place(request);
    this.#carryOut();
    return refused;
  }

  /** Gives an input to one call, likewise. */
  applyToCall(callId: string, input: CallInput): Refused | undefined {
    let refused: Refused | undefined;
    try {
      refused = this.arbiter.apply(callId, input);
    } catch (error) {
      // A broken invariant ends its call, not the process.
      this.options.observer.fault(error, callId);
      if (input.type !== "adminEnd") this.#endBroken(callId, input.nowMs);
    }
    this.#carryOut();
    return refused;
  }

  /** The ends that this user's device without resume was away for, with their calls, oldest first; told of once. */
  takeUntold(user: string): UntoldEnd[] {
    const ends = this.arbiter.takeUntold(user);
    this.#carryOut();
    return ends;
  }

  /** Where not even that can be done the call stays as it is: what else was to be done is done all the same. */
  #endBroken(callId: string, nowMs: Steady): void {
    try {
      this.arbiter.apply(callId, { type: "adminEnd", nowMs });
    } catch (error) {
      this.options.observer.fault(error, callId);
    }
  }

  /** Carries out what the arbiter decided. Where there are other nodes, that is done once it was accepted. */
  #carryOut(): void {
    this.carryOut(this.arbiter.takeEffects());
    const touched = this.arbiter.takeTouched();
    for (const call of touched) this.timers.follow(call);
    this.delivery.schedule();
    this.push.schedule();
    this.#callsChanged(touched);
  }

  carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "send":
          this.#deliver(effect.to, effect.message);
          break;
        case "record":
          this.delivery.record(this.#withFacts(effect.record));
          this.#callOver(effect.record.callId, [effect.record.caller, effect.record.callee]);
          break;
        case "claim":
          this.presenceChanged(effect.user);
          break;
        case "push":
          this.push.push(effect);
          break;
        // The join that took the leg over drops the session itself.
        case "replaced":
          break;
      }
    }
  }

  #withFacts(record: CallRecord): CallRecord {
    const call = this.calls.get(record.callId);
    const { services } = this.options;
    return withServerFacts(record, call?.state === "ended" ? call : undefined, { sessions: this.sessions, services });
  }

  /** Those who watch are told once, at the end of the turn. */
  presenceChanged(user: string): void {
    this.elsewhere?.changed(user);
    this.#looksOtherwise(user);
  }

  #looksOtherwise(user: string): void {
    this.presence.changed(user);
    this.userLists.changed(user);
    if (this.#isPresenceScheduled) return;
    this.#isPresenceScheduled = true;
    this.options.defer(() => this.#tellPresence());
  }

  #tellPresence(): void {
    this.#isPresenceScheduled = false;
    for (const [session, users] of this.presence.takeNews()) this.send(session, { type: "presence", users });
  }

  #deliver(sessionId: string, message: ServerMessage): void {
    const session = this.sessions.get(sessionId);
    if (session) this.send(session, message);
  }

  #callOver(callId: string, users: readonly string[]): void {
    this.quality.forget(callId);
    for (const user of users) this.presenceChanged(user);
  }
}
