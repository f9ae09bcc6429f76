import {
  type Call,
  type FinishedCall,
  isAnswered,
  isCallerOnly,
  isRinging,
  type Leg,
  type Offered,
  peerOf,
  type RingingCall,
  type UnfinishedCall,
} from "../call/call.ts";
import { isShownOn } from "../call/offered-devices.ts";
import type { Steady } from "../ports/clock.ts";
import { FinishedCalls } from "./finished-calls.ts";
import { addTo, type IndexSets, removeFrom } from "./index-sets.ts";

/** A search for one of a user's finished calls goes no further back than this. */
export const searchedMax = 1_000;

const none: ReadonlySet<string> = new Set();

/**
 * All calls of a node, found by id, alias, user, session and token. Every index follows from the calls alone, and
 * nothing here takes longer because there are more calls of others.
 */
export class CallIndex {
  readonly #calls = new Map<string, Call>();
  readonly #aliases = new Map<string, string>();
  readonly #live = new Map<string, string>();
  readonly #rings: IndexSets = new Map();
  readonly #sessions: IndexSets = new Map();
  readonly #tokens: IndexSets = new Map();
  readonly #finished = new FinishedCalls();
  readonly #unfinished = new Set<string>();

  get unfinishedCount(): number {
    return this.#unfinished.size;
  }

  /** All of them, in no order. */
  unfinished(): readonly UnfinishedCall[] {
    return this.#pick(this.#unfinished, isUnfinished);
  }

  /** By its own id or one that was merged into it. */
  get(id: string): Call | undefined {
    return this.#calls.get(id) ?? this.#calls.get(this.#aliases.get(id) ?? "");
  }

  /** The call that holds this user's lock: placed by it, or answered. */
  liveOf(user: string): UnfinishedCall | undefined {
    const call = this.#calls.get(this.#live.get(user) ?? "");
    return call && call.state !== "ended" ? call : undefined;
  }

  /** The calls that a user holds a leg of: one at most. */
  heldBy(user: string): readonly UnfinishedCall[] {
    const live = this.liveOf(user);
    return live ? [live] : [];
  }

  /** Calls that ring this user now. */
  ringsTo(user: string): readonly RingingCall[] {
    return this.#pick(this.#rings.get(user), isRinging);
  }

  /** The call by which the first of them rings the other now, as far as that one knows. */
  ringBetween(caller: string, callee: string): RingingCall | undefined {
    const call = this.liveOf(caller);
    return call && isRinging(call) && call.caller === caller && call.callee === callee && isToldCallee(call)
      ? call
      : undefined;
  }

  /** The unfinished calls that this session is a leg or an offered device of. */
  ofSession(session: string): readonly UnfinishedCall[] {
    return this.#pick(this.#sessions.get(session), isUnfinished);
  }

  /** The call on this session's screen. One that shows several has more: then it is the oldest of them. */
  shownOn(session: string): UnfinishedCall | undefined {
    // The others wait for it, so it comes first; they are not gone through.
    for (const id of this.#sessions.get(session) ?? none) {
      const call = this.#calls.get(id);
      if (call && isUnfinished(call) && isShownOn(call, session)) return call;
    }
    return undefined;
  }

  /** The rings of this user that wait for the session's screen, oldest first. */
  waitingFor(session: string, user: string): readonly RingingCall[] {
    const waits = (device: Offered) => device.session === session && device.standing === "waiting";
    return this.ringsTo(user)
      .filter((ring) => ring.offered.some(waits))
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** The unfinished calls with a leg of this token. */
  ofToken(token: string): readonly UnfinishedCall[] {
    return this.#pick(this.#tokens.get(token), isUnfinished);
  }

  /** The unfinished calls that this user knows of. */
  unfinishedOf(user: string): readonly UnfinishedCall[] {
    const live = this.liveOf(user);
    return live ? [live, ...this.ringsTo(user)] : this.ringsTo(user);
  }

  /** The one unfinished call between two users, as the first of them knows it. */
  between(user: string, other: string): UnfinishedCall | undefined {
    const live = this.liveOf(user);
    if (live && peerOf(live, user) === other) return live;
    return this.ringBetween(other, user);
  }

  /** A user's latest finished calls, newest first: as far back as one looks for something. */
  *recentlyFinishedOf(user: string): Generator<FinishedCall> {
    let searched = 0;
    for (const call of this.#finished.newestOf(user)) {
      if (++searched > searchedMax) return;
      yield call;
    }
  }

  /** All of a user's finished calls that are still remembered, oldest first. */
  finishedOf(user: string): readonly FinishedCall[] {
    return [...this.#finished.newestOf(user)].reverse();
  }

  /** Those of which a device of the user has still to be told, oldest first. */
  untoldOf(user: string): readonly FinishedCall[] {
    return this.#finished.untoldOf(user);
  }

  put(call: Call): void {
    const before = this.#calls.get(call.id);
    if (before === call) return;
    this.#calls.set(call.id, call);
    for (const alias of call.aliases) this.#aliases.set(alias, call.id);
    if (call.state === "ended") {
      if (before && before.state !== "ended") this.#unindex(before);
      this.#finished.put(call);
      // Those past their time go at the next look; those past their number, at once.
      this.forget(0, 1);
      return;
    }
    if (before && before.state !== "ended") {
      if (sharesIndexes(before, call)) return;
      this.#unindex(before);
    }
    this.#index(call);
  }

  /** Another node decides about this call from now on: here it is not known any more. */
  drop(id: string): void {
    const call = this.#calls.get(id);
    if (!call) return;
    if (call.state === "ended") this.#finished.remove(call);
    else this.#unindex(call);
    this.#calls.delete(id);
    for (const alias of call.aliases) this.#aliases.delete(alias);
  }

  /** Forgets finished calls that ended before the time, the oldest first, and so many at most. */
  forget(endedBeforeMs: Steady, atMost: number): void {
    for (let forgotten = 0; forgotten < atMost; forgotten += 1) {
      const call = this.#finished.due(endedBeforeMs);
      if (!call) return;
      this.#finished.remove(call);
      this.#calls.delete(call.id);
      for (const alias of call.aliases) this.#aliases.delete(alias);
    }
  }

  #pick<C extends Call>(ids: ReadonlySet<string> | undefined, is: (call: Call) => call is C): C[] {
    const found: C[] = [];
    for (const id of ids ?? none) {
      const call = this.#calls.get(id);
      if (call && is(call)) found.push(call);
    }
    return found;
  }

  #index(call: UnfinishedCall): void {
    this.#unfinished.add(call.id);
    this.#live.set(call.caller, call.id);
    if (isAnswered(call)) this.#live.set(call.callee, call.id);
    else if (isToldCallee(call)) addTo(this.#rings, call.callee, call.id);
    for (const session of sessionsOf(call)) addTo(this.#sessions, session, call.id);
    for (const token of tokensOf(call)) addTo(this.#tokens, token, call.id);
  }

  #unindex(call: UnfinishedCall): void {
    this.#unfinished.delete(call.id);
    for (const user of [call.caller, call.callee]) {
      if (this.#live.get(user) === call.id) this.#live.delete(user);
    }
    removeFrom(this.#rings, call.callee, call.id);
    for (const session of sessionsOf(call)) removeFrom(this.#sessions, session, call.id);
    for (const token of tokensOf(call)) removeFrom(this.#tokens, token, call.id);
  }
}

function isUnfinished(call: Call): call is UnfinishedCall {
  return call.state !== "ended";
}

/** Whether a change leaves every index as it is: the usual case while candidates come, which touch no device. */
function sharesIndexes(before: UnfinishedCall, after: UnfinishedCall): boolean {
  if (isAnswered(before) !== isAnswered(after) || isToldCallee(before) !== isToldCallee(after)) return false;
  if (
    before.callerLeg === after.callerLeg &&
    before.offered === after.offered &&
    calleeLegOf(before) === calleeLegOf(after)
  )
    return true;
  return isSame(sessionsOf(before), sessionsOf(after)) && isSame(tokensOf(before), tokensOf(after));
}

/** Not where it exists for its caller alone, or it is not known yet whether it does. */
function isToldCallee(call: UnfinishedCall): boolean {
  return !isCallerOnly(call);
}

function calleeLegOf(call: UnfinishedCall): Leg | undefined {
  return isAnswered(call) ? call.calleeLeg : undefined;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function sessionsOf(call: UnfinishedCall): string[] {
  if (isAnswered(call)) return [call.callerLeg.session, call.calleeLeg.session];
  return [call.callerLeg.session, ...call.offered.map((device) => device.session)];
}

function tokensOf(call: UnfinishedCall): string[] {
  const legs = isAnswered(call) ? [call.callerLeg, call.calleeLeg] : [call.callerLeg];
  return legs.flatMap(({ token, voucher }) => [token, voucher].filter((one) => one !== undefined));
}
