import type { CallIndex } from "../../arbiter/call-index.ts";
import { type Call, isRinging } from "../../call/call.ts";
import type { CalleeFacts } from "../../call/callee-facts.ts";
import type { CallInput, Effect } from "../../call/input.ts";
import { isOwnSession, type PushSlot, slotOf } from "../../call/push/push-slot.ts";
import type { Refused } from "../../call/step.ts";
import type { Instant, Steady } from "../../ports/clock.ts";
import type { PushOrder, PushOutcome, PushService } from "../../ports/push-service.ts";
import type { RingControl, RungCall, RungDevice } from "../../ports/ring-control.ts";
import type { UserFacts, UserFactsSource } from "../../ports/user-facts.ts";
import { refused } from "../requests/message-handler.ts";
import type { SessionRegistry } from "../sessions/session-registry.ts";
import { RingBudget } from "./ring-budget.ts";

type PushEffect = Extract<Effect, { type: "push" }>;

/** What pushes need of the engine. */
export interface PushContext {
  readonly calls: Pick<CallIndex, "get" | "liveOf" | "shownOn">;
  readonly sessions: Pick<SessionRegistry, "of">;
  readonly options: {
    readonly push?: PushService | undefined;
    readonly userFacts: Pick<UserFactsSource, "load">;
    readonly defer: (run: () => void) => void;
  };
  now(): Instant;
  steady(): Steady;
  applyToCall(callId: string, input: CallInput): Refused | undefined;
}

/** Carries out what calls have to push, and lets devices speak that were woken by it. */
export class PushDispatcher implements RingControl {
  readonly #state: PushContext;
  readonly #budget = new RingBudget();
  #due: PushEffect[] = [];

  constructor(state: PushContext) {
    this.#state = state;
  }

  /** What the callee is like, for an offer. Where that is not in memory it is read while the call is under way. */
  calleeFacts(facts: UserFacts | undefined, caller: string, callee: string): CalleeFacts {
    const { push: service } = this.#state.options;
    const push = service === undefined ? [] : (facts?.push ?? []);
    return {
      isKnown: facts !== undefined || (service?.isUsed ? "reading" : false),
      blockedCaller: facts?.blocked.has(caller) ?? false,
      doNotDisturb: facts?.doNotDisturb ?? false,
      devices: this.#state.sessions.of(callee).map((session) => session.asDevice()),
      push,
      mayRing: push.length > 0 && this.#budget.allows(caller, callee, this.#state.steady()),
    };
  }

  /** Reads what the callee of a call wants of whom nothing was in memory. */
  screen(call: Call): void {
    if (!isRinging(call) || !call.unscreened) return;
    const { caller, callee, id } = call;
    void this.#state.options.userFacts.load(callee).then((facts) => {
      const { calls } = this.#state;
      const known = this.calleeFacts(facts, caller, callee);
      const read = { ...known, isKnown: facts !== undefined };
      const sessions = read.devices.map(({ session }) => session);
      const taken = new Set(sessions.filter((session) => calls.shownOn(session) !== undefined));
      const calleeLive = calls.liveOf(callee) !== undefined;
      this.#state.applyToCall(id, { type: "screened", callee: read, calleeLive, taken, nowMs: this.#state.steady() });
    });
  }

  /** Noted now, and begun once the journal has it: a process that dies in between begins it again. */
  push(effect: PushEffect): void {
    this.#due.push(effect);
  }

  /** To be called where the end of the turn is scheduled: after it. */
  schedule(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    this.#state.options.defer(() => {
      for (const effect of due) this.#begin(effect);
    });
  }

  rungCall(callId: string, by: RungDevice): RungCall | undefined {
    const [call, slot] = this.#find(callId, by);
    if (!call || !slot) return undefined;
    const { id, caller, callee, isVideo } = call;
    const rung = { callId: id, caller, callee, isVideo };
    if (!isRinging(call) || slot.stop || slot.over) {
      return { ...rung, reason: slot.stop?.reason ?? (call.state === "ended" ? call.endReason : "answered_elsewhere") };
    }
    const named = call.callerName === undefined ? {} : { callerName: call.callerName };
    return { ...rung, ...named, expiresInMs: Math.max(0, call.expiresAtMs - this.#state.steady()) };
  }

  ringShown(callId: string, by: RungDevice): Refused | undefined {
    const [, slot] = this.#find(callId, by);
    if (!slot) return refused("unknown_call", callId);
    return this.#state.applyToCall(callId, { type: "pushRinging", device: slot.device, nowMs: this.#state.steady() });
  }

  ringRejected(callId: string, by: RungDevice, busy: boolean): Refused | undefined {
    const [, slot] = this.#find(callId, by);
    if (!slot) return refused("unknown_call", callId);
    const nowMs = this.#state.steady();
    return this.#state.applyToCall(callId, { type: "pushReject", device: slot.device, busy, nowMs });
  }

  #find(callId: string, by: RungDevice): readonly [Call, PushSlot | undefined] | readonly [undefined, undefined] {
    const call = this.#state.calls.get(callId);
    if (!call) return [undefined, undefined];
    if ("device" in by) return [call, slotOf(call.pushes, by.device)];
    if (call.callee !== by.user) return [call, undefined];
    if ("ofUser" in by) return [call, slotOf(call.pushes, by.ofUser)];
    return [call, call.pushes?.find(({ token }) => token === by.token)];
  }

  #begin({ callId, kind, slot }: PushEffect): void {
    const { push } = this.#state.options;
    const call = this.#state.calls.get(callId);
    if (!call) return;
    const done = (outcome: PushOutcome) => {
      const { device } = slot;
      this.#state.applyToCall(callId, { type: "pushed", kind, device, outcome, nowMs: this.#state.steady() });
    };
    // The turn may have ended the ring again that it began.
    const isWanted = this.#isWanted(callId, kind, slot);
    if (!push || !isWanted || (kind === "stop" && this.#isConfirmed(call, slot))) {
      done("none");
      return;
    }
    if (kind === "ring") this.#budget.note(call.caller, call.callee, call.id, this.#state.steady());
    push.send(this.#orderOf(call, kind, slot), () => this.#isWanted(callId, kind, slot), done);
  }

  /** A device that is here and has confirmed all that it was told of the call knows how it ended. */
  #isConfirmed(call: Call, slot: PushSlot): boolean {
    return this.#state.sessions
      .of(call.callee)
      .some((session) => isOwnSession(slot, session) && session.hasConfirmed(call.id));
  }

  #isWanted(callId: string, kind: "ring" | "stop", { device }: PushSlot): boolean {
    const call = this.#state.calls.get(callId);
    const slot = slotOf(call?.pushes, device);
    if (!call || !slot) return false;
    if (kind === "stop") return slot.stop?.standing === "pushing";
    return isRinging(call) && slot.ring === "pushing" && !slot.stop && !slot.over;
  }

  #orderOf(call: Call, kind: "ring" | "stop", slot: PushSlot): PushOrder {
    const { id: callId, caller, callee, isVideo } = call;
    const facts = { callId, caller, callee, isVideo, device: slot.device };
    const wall = (atMs: Steady): Instant => this.#state.now() + (atMs - this.#state.steady());
    if (kind === "ring" && call.state !== "ended") {
      const named = call.callerName === undefined ? {} : { callerName: call.callerName };
      return { ...facts, ...named, kind, endsAtMs: isRinging(call) ? wall(call.expiresAtMs) : this.#state.now() };
    }
    const { reason, missed, atMs } = slot.stop ?? { reason: "cancelled", missed: true, atMs: this.#state.steady() };
    return { ...facts, kind: "stop", reason, missed, rang: slot.ring === "sent", endedAtMs: wall(atMs) };
  }
}
