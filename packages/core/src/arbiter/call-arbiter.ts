import type { DeviceEndReason } from "@echoo/protocol";
import {
  type Call,
  type CallState,
  type FinishedCall,
  type FinishedDevice,
  isAnswered,
  isRinging,
  type UnfinishedCall,
} from "../call/call.ts";
import type { Deadlines } from "../call/deadlines.ts";
import type { CallInput, Effect, Sender } from "../call/input.ts";
import { lostLegOf } from "../call/legs.ts";
import { isShownOn } from "../call/offered-devices.ts";
import type { Refused } from "../call/step.ts";
import { transition } from "../call/transition.ts";
import type { Steady } from "../ports/clock.ts";
import { CallIndex } from "./call-index.ts";
import { createCall, judgeOffer, type OfferRequest } from "./place-offer.ts";
import { type UnansweredBounds, UnansweredCalls } from "./unanswered-calls.ts";

export interface ChangedCall {
  readonly call: Call;
  /** Absent for a new call. */
  readonly before?: CallState;
}

/** What was decided about one call: how it is now, and what is to be done; `before` is `next` where it was left as it is. */
export type Decided = (before: Call | undefined, next: Call, effects: readonly Effect[]) => void;

/** An end that a device of this call has not heard of. */
export interface UntoldEnd {
  readonly call: FinishedCall;
  readonly device: FinishedDevice;
}

/**
 * Decides about calls where one touches another: offers, locks, glare. Everything within one method belongs
 * together: it is committed as one change. Time is an input; nothing here waits, sends or stores.
 */
export class CallArbiter {
  readonly calls = new CallIndex();
  readonly #deadlines: Deadlines;
  readonly #unanswered: UnansweredCalls | undefined;
  #effects: Effect[] = [];
  /** Changed calls, with the state that each had before. */
  readonly #changed = new Map<string, CallState | undefined>();
  /** Sessions whose screens this decision has freed, and their users. */
  readonly #freed = new Map<string, string>();
  /** Those that changed since they were last asked for. */
  #touched = new Set<string>();
  /** Whether a session's screen has a call. */
  readonly #isTaken = (session: string) => this.calls.shownOn(session) !== undefined;

  readonly #decided: Decided | undefined;

  /**
   * Without `unanswered` no offer is refused for the calls before it. `decided`, where there are other nodes, gets each
   * decision by itself, in their order; what is to be done is not gathered then.
   */
  constructor(deadlines: Deadlines, unanswered: UnansweredBounds | undefined, decided?: Decided) {
    this.#deadlines = deadlines;
    this.#decided = decided;
    this.#unanswered = unanswered && new UnansweredCalls(unanswered);
  }

  /** A call that an earlier process left; those that are over come in the order of their ends. */
  restore(call: Call): void {
    this.calls.put(call);
    if (call.state === "ended") this.#unanswered?.follow(undefined, call);
  }

  /**
   * What happened to one call, and to others because of it; the result is the sender's refusal, where it is one. An id
   * that is unknown changes nothing.
   */
  apply(callId: string, input: CallInput): Refused | undefined {
    const refused = this.#apply(callId, input);
    this.#offerWaiting(input.nowMs);
    return refused;
  }

  /** A call that keeps a candidate more, from which nothing else follows: no index, no deadline, nothing to be done. */
  keep(next: UnfinishedCall): void {
    const before = this.calls.get(next.id);
    this.calls.put(next);
    if (!this.#changed.has(next.id)) this.#changed.set(next.id, before?.state);
  }

  /** A call that other nodes have already let this user place; nothing but its end can come of it, or a ring. */
  create(request: OfferRequest, calleeLive: boolean): Call {
    const [call, effects] = createCall(request, { calleeLive, isTaken: this.#isTaken }, this.#deadlines);
    this.#commit(undefined, call, effects, request.nowMs);
    return call;
  }

  /** Says something of a call that is left as it is. */
  say(callId: string, effects: readonly Effect[]): void {
    const call = this.calls.get(callId);
    if (call) this.#commit(call, call, effects, 0);
  }

  /** An offer: renegotiates, merges, repeats, is refused, or makes a call. */
  place(request: OfferRequest): Refused | undefined {
    const refused = this.#place(request);
    this.#offerWaiting(request.nowMs);
    return refused;
  }

  #apply(callId: string, input: CallInput): Refused | undefined {
    const call = this.calls.get(callId);
    if (!call) return undefined;
    const [next, effects, refused] = transition(call, input, this.#deadlines);
    this.#commit(call, next, effects, input.nowMs);
    return refused;
  }

  #place(request: OfferRequest): Refused | undefined {
    const { nowMs } = request;
    // What time has ended must not decide about this offer.
    for (const call of [this.calls.liveOf(request.by.user), this.calls.liveOf(request.to)]) {
      if (call) this.#apply(call.id, { type: "time", nowMs });
    }
    if (request.callId !== undefined) this.#apply(request.callId, { type: "time", nowMs });
    const verdict = judgeOffer(this.#rules(request), request);
    switch (verdict.type) {
      case "refuse":
        return verdict;
      case "repeat":
        if (this.#decided) this.say(request.callId ?? "", [verdict.effect]);
        else this.#effects.push(verdict.effect);
        return undefined;
      case "renegotiate":
        return this.#apply(verdict.callId, {
          type: "offerAgain",
          nowMs,
          by: request.by,
          isVideo: request.isVideo,
          ...(request.renew ? { renew: true } : {}),
          ...request.offer,
        });
      case "merge":
        return this.#merge(verdict.callId, request);
      case "elsewhere":
        this.#elsewhere(verdict.callId, request, "answered_elsewhere");
        return undefined;
      case "create":
        this.#create(request);
        return undefined;
    }
  }

  /** Writes another name for a user in the calls that are over: the account was erased. */
  rename(user: string, replacement: string): void {
    const other = (name: string) => (name === user ? replacement : name);
    for (const call of this.calls.finishedOf(user)) {
      const devices = call.devices.map((device) => ({ ...device, user: other(device.user) }));
      // The devices of an erased account are gone, and are told nothing more.
      const { pushes, ...rest } = call;
      const kept = pushes === undefined || call.callee === user ? {} : { pushes };
      this.calls.put({ ...rest, ...kept, caller: other(call.caller), callee: other(call.callee), devices });
      if (!this.#changed.has(call.id)) this.#changed.set(call.id, "ended");
    }
  }

  /** The ends that this user's device without resume was away for, with their calls, oldest first; told of once. */
  takeUntold(user: string): UntoldEnd[] {
    return this.calls.untoldOf(user).flatMap((call) => {
      const device = call.devices.find((one) => one.user === user && one.untold);
      if (!device) return [];
      const devices = call.devices.map(({ untold, ...one }) =>
        one.user === user || !untold ? one : { ...one, untold },
      );
      this.calls.put({ ...call, devices });
      if (!this.#changed.has(call.id)) this.#changed.set(call.id, "ended");
      return [{ call, device }];
    });
  }

  /** What is to be done since the last call of this method. */
  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What an input changed: the calls that became something else since the last call of this method. */
  takeTouched(): Call[] {
    if (this.#touched.size === 0) return [];
    const calls = [...this.#touched].map((id) => this.calls.get(id));
    this.#touched = new Set();
    return calls.filter((call) => call !== undefined);
  }

  /** The calls that changed since the last call of this method, as they are now. */
  takeChanged(): ChangedCall[] {
    const changes: ChangedCall[] = [];
    for (const [id, before] of this.#changed) {
      const call = this.calls.get(id);
      if (call) changes.push(before === undefined ? { call } : { call, before });
    }
    this.#changed.clear();
    return changes;
  }

  #rules(request: OfferRequest) {
    const { nowMs } = request;
    const dialled = diallerToSpare(request);
    return {
      get: (id: string) => this.calls.get(id),
      liveOf: (user: string) => this.calls.liveOf(user),
      ringBetween: (caller: string, callee: string) => this.calls.ringBetween(caller, callee),
      supersede: (id: string, user: string) => this.#apply(id, { type: "superseded", nowMs, user, ...dialled }),
      giveWay: (id: string) => this.#apply(id, { type: "giveWay", nowMs, ...dialled }),
      waitMs: (instead: string | undefined) => this.#waitMs(request, instead),
    };
  }

  /** How long the caller has to wait; `instead`: whom it rings now, where this offer would end that. */
  #waitMs({ by, to, nowMs }: OfferRequest, instead: string | undefined): number {
    const wanted = { caller: by.user, callee: to, ...(instead === undefined ? {} : { instead }) };
    return this.#unanswered?.waitMs(wanted, nowMs) ?? 0;
  }

  #create(request: OfferRequest): void {
    const live = this.calls.liveOf(request.to);
    // A side that is away, with media that may be dead, does not keep its user from being rung elsewhere.
    const lost = live && isAnswered(live) ? lostLegOf(live, request.to) : undefined;
    const devices = request.callee.devices.filter(({ session }) => session !== lost?.session);
    const isElsewhere = devices.some(({ lostAtMs }) => lostAtMs === undefined);
    const calleeLive = live !== undefined && !(lost && isElsewhere);
    const callee = calleeLive ? request.callee : { ...request.callee, devices };
    const [call, effects] = createCall({ ...request, callee }, { calleeLive, isTaken: this.#isTaken }, this.#deadlines);
    if (call.state !== "ended") effects.push(this.#claimByOffer(request, call.id));
    this.#commit(undefined, call, effects, request.nowMs);
  }

  #claimByOffer(request: OfferRequest, callId: string): Effect {
    return { type: "claim", user: request.by.user, callId, ...diallerToSpare(request) };
  }

  #merge(callId: string, request: OfferRequest): Refused | undefined {
    this.#unanswered?.forgive(request.to, request.by.user);
    const { nowMs, device, by } = request;
    if (!device.can.namesCalls) this.#takeScreen(by, callId, nowMs);
    return this.#apply(callId, {
      type: "merge",
      nowMs,
      dialler: device,
      attempt: request.callId ?? request.freshId,
      proposed: request.callId !== undefined,
      ...(request.id === undefined ? {} : { id: request.id }),
    });
  }

  /** A device that shows one call has dialled: what rang there is on its screen no more. */
  #takeScreen({ user, session }: Sender, callId: string, nowMs: Steady): void {
    for (const ring of this.calls.ringsTo(user)) {
      if (ring.id !== callId) this.#apply(ring.id, { type: "screenTaken", nowMs, session });
    }
  }

  /** Last of all, when everything else is decided: a screen that became free gets the ring that has waited longest. */
  #offerWaiting(nowMs: Steady): void {
    for (const [session, user] of this.#freed) {
      this.#freed.delete(session);
      for (const ring of this.calls.waitingFor(session, user)) {
        if (this.calls.shownOn(session)) break;
        this.#apply(ring.id, { type: "screenFree", nowMs, session });
      }
    }
  }

  #elsewhere(unchanged: string, request: OfferRequest, reason: DeviceEndReason): void {
    const callId = request.callId ?? request.freshId;
    const { session, user } = request.by;
    const id = request.id === undefined ? {} : { id: request.id };
    this.#effects.push(
      {
        type: "send",
        to: session,
        unchanged,
        message: { type: "calling", callId, to: request.to, expiresInMs: 0, ...id },
      },
      {
        type: "send",
        to: session,
        unchanged,
        message: { type: "hangup", callId, from: request.to, to: user, reason, endedBy: "you" },
      },
    );
  }

  #commit(before: Call | undefined, next: Call, effects: readonly Effect[], nowMs: Steady): void {
    if (before !== next) {
      this.calls.put(next);
      for (const session of freedScreens(before, next)) this.#freed.set(session, next.callee);
      this.#unanswered?.follow(before, next);
      this.#touched.add(next.id);
      if (!this.#decided && !this.#changed.has(next.id)) this.#changed.set(next.id, before?.state);
    }
    if (this.#decided && (before !== next || effects.length > 0)) this.#decided(before, next, effects);
    for (const effect of effects) {
      const isMarked = before === next && effect.type === "send";
      if (!this.#decided) this.#effects.push(isMarked ? { ...effect, unchanged: next.id } : effect);
      if (effect.type === "claim") this.#claim(effect, nowMs);
    }
  }

  #claim(claim: Extract<Effect, { type: "claim" }>, nowMs: Steady): void {
    const dialled = claim.dialled === undefined ? {} : { dialled: claim.dialled };
    for (const ring of this.calls.ringsTo(claim.user)) {
      if (ring.id !== claim.callId) this.#apply(ring.id, { type: "calleeTaken", nowMs, ...dialled });
    }
  }
}

/**
 * The sessions that show one call, were shown this one, and are there without it. One that left the call is not: it may
 * be over altogether.
 */
function freedScreens(before: Call | undefined, next: Call): string[] {
  if (!before || !isRinging(before)) return [];
  const isThere = (session: string) => next.state === "ended" || next.offered.some((one) => one.session === session);
  return before.offered
    .filter(({ can, session }) => !can.namesCalls && isShownOn(before, session))
    .map(({ session }) => session)
    .filter((session) => isThere(session) && (next.state === "ended" || !isShownOn(next, session)));
}

/** A device that cannot tell calls apart would close its new screen on hearing of another call's end. */
function diallerToSpare({ device, by }: OfferRequest): { dialled?: string } {
  return device.can.namesCalls ? {} : { dialled: by.session };
}
