import {
  type Call,
  type FinishedCall,
  isAnswered,
  isRinging,
  type RingingCall,
  type UnfinishedCall,
} from "../call/call.ts";
import type { Steady } from "../ports/clock.ts";

/** Tombstones kept at most; past it the oldest go first. */
export const tombstonesMax = 100_000;

const none: ReadonlySet<string> = new Set();

/** All calls of a node, found by id, alias, user and session. Every index follows from the calls alone. */
export class CallBook {
  readonly #calls = new Map<string, Call>();
  readonly #aliases = new Map<string, string>();
  readonly #live = new Map<string, string>();
  readonly #rings = new Map<string, Set<string>>();
  readonly #sessions = new Map<string, Set<string>>();
  /** Finished calls by user, oldest first. */
  readonly #finished = new Map<string, Set<string>>();
  readonly #tombstones = new Set<string>();
  #unfinished = 0;

  get unfinishedCount(): number {
    return this.#unfinished;
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

  /** Calls that ring this user now. */
  ringsTo(user: string): readonly RingingCall[] {
    return this.#pick(this.#rings.get(user), isRinging);
  }

  /** The unfinished calls that this session is a leg or an offered device of. */
  ofSession(session: string): readonly UnfinishedCall[] {
    return this.#pick(this.#sessions.get(session), (call): call is UnfinishedCall => call.state !== "ended");
  }

  /** The unfinished calls that this user knows of. */
  unfinishedOf(user: string): readonly UnfinishedCall[] {
    const live = this.liveOf(user);
    return live ? [live, ...this.ringsTo(user)] : this.ringsTo(user);
  }

  /** The one unfinished call between two users, as the first of them knows it. */
  between(user: string, other: string): UnfinishedCall | undefined {
    return this.unfinishedOf(user).find((call) => call.caller === other || call.callee === other);
  }

  /** A user's finished calls that are still remembered, newest first. */
  finishedOf(user: string): readonly FinishedCall[] {
    const ended = (call: Call): call is FinishedCall => call.state === "ended";
    return this.#pick(this.#finished.get(user), ended).reverse();
  }

  *unfinished(): Generator<UnfinishedCall> {
    for (const call of this.#calls.values()) if (call.state !== "ended") yield call;
  }

  put(call: Call): void {
    const before = this.#calls.get(call.id);
    if (before === call) return;
    this.#calls.set(call.id, call);
    for (const alias of call.aliases) this.#aliases.set(alias, call.id);
    if (before && sharesIndexes(before, call)) return;
    if (before) this.#unindex(before);
    this.#index(call);
  }

  /** Forgets finished calls that ended before the time, and the oldest past the bound. */
  forget(endedBeforeMs: Steady): void {
    for (const id of this.#tombstones) {
      const call = this.#calls.get(id);
      const isOver = call?.state === "ended" && call.endedAtMs < endedBeforeMs;
      if (!isOver && this.#tombstones.size <= tombstonesMax) return;
      if (call) this.#drop(call);
    }
  }

  #drop(call: Call): void {
    this.#unindex(call);
    this.#calls.delete(call.id);
    for (const alias of call.aliases) this.#aliases.delete(alias);
  }

  #pick<C extends Call>(ids: ReadonlySet<string> | undefined, is: (call: Call) => call is C): C[] {
    const found: C[] = [];
    for (const id of ids ?? none) {
      const call = this.#calls.get(id);
      if (call && is(call)) found.push(call);
    }
    return found;
  }

  #index(call: Call): void {
    if (call.state === "ended") {
      this.#tombstones.add(call.id);
      addTo(this.#finished, call.caller, call.id);
      if (!call.callerOnly) addTo(this.#finished, call.callee, call.id);
      return;
    }
    this.#unfinished += 1;
    this.#live.set(call.caller, call.id);
    if (isAnswered(call)) this.#live.set(call.callee, call.id);
    else if (!call.shadow) addTo(this.#rings, call.callee, call.id);
    for (const session of sessionsOf(call)) addTo(this.#sessions, session, call.id);
  }

  #unindex(call: Call): void {
    if (call.state === "ended") {
      this.#tombstones.delete(call.id);
      removeFrom(this.#finished, call.caller, call.id);
      removeFrom(this.#finished, call.callee, call.id);
      return;
    }
    this.#unfinished -= 1;
    for (const user of [call.caller, call.callee]) {
      if (this.#live.get(user) === call.id) this.#live.delete(user);
    }
    removeFrom(this.#rings, call.callee, call.id);
    for (const session of sessionsOf(call)) removeFrom(this.#sessions, session, call.id);
  }
}

/** Whether a change leaves every index as it is: the usual case while candidates come. */
function sharesIndexes(before: Call, after: Call): boolean {
  if (before.state === "ended" || after.state === "ended" || isAnswered(before) !== isAnswered(after)) return false;
  if (before.callerLeg.session !== after.callerLeg.session || before.offered.length !== after.offered.length)
    return false;
  const [a, b] = [sessionsOf(before), sessionsOf(after)];
  return a.length === b.length && a.every((session, i) => session === b[i]);
}

function sessionsOf(call: UnfinishedCall): string[] {
  if (isAnswered(call)) return [call.callerLeg.session, call.calleeLeg.session];
  return [call.callerLeg.session, ...call.offered.map((device) => device.session)];
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids?.delete(id) && ids.size === 0) index.delete(key);
}
