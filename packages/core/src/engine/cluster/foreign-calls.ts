import type { NodeId } from "../../ports/cluster/scripts.ts";

/** A call of sessions here whose home is elsewhere. */
export interface ForeignCall {
  home: NodeId;
  gen: number;
  /** Of the messages of its home, the last that came here. */
  k: number;
  /** Sessions here that take part, with whether the call merely rings there. */
  readonly sessions: Map<string, "rings" | "leg">;
}

/** Foreign calls that a node remembers at most: those without a session here go first, the oldest of them before. */
export const foreignCallsMax = 100_000;

/** Where the calls are that this node is not the home of. */
export class ForeignCalls {
  readonly #calls = new Map<string, ForeignCall>();
  readonly #ofSession = new Map<string, Set<string>>();

  get(callId: string): ForeignCall | undefined {
    return this.#calls.get(callId);
  }

  entries(): IterableIterator<[string, ForeignCall]> {
    return this.#calls.entries();
  }

  /** What was heard last of where it is; an older generation teaches nothing. */
  learn(callId: string, home: NodeId, gen: number): ForeignCall {
    const known = this.#calls.get(callId);
    if (known) {
      if (gen >= known.gen) {
        known.home = home;
        known.gen = gen;
      }
      return known;
    }
    const made: ForeignCall = { home, gen, k: 0, sessions: new Map() };
    this.#calls.set(callId, made);
    if (this.#calls.size > foreignCallsMax) this.#forgetOne();
    return made;
  }

  takesPart(callId: string, session: string, as: "rings" | "leg"): void {
    this.#calls.get(callId)?.sessions.set(session, as);
    const calls = this.#ofSession.get(session);
    if (calls) calls.add(callId);
    else this.#ofSession.set(session, new Set([callId]));
  }

  leaves(callId: string, session: string): void {
    this.#calls.get(callId)?.sessions.delete(session);
    const calls = this.#ofSession.get(session);
    if (calls?.delete(callId) && calls.size === 0) this.#ofSession.delete(session);
  }

  /** The foreign calls that a session takes part in. */
  of(session: string): readonly string[] {
    return [...(this.#ofSession.get(session) ?? [])];
  }

  forget(callId: string): void {
    for (const session of this.#calls.get(callId)?.sessions.keys() ?? []) this.leaves(callId, session);
    this.#calls.delete(callId);
  }

  clear(): void {
    this.#calls.clear();
    this.#ofSession.clear();
  }

  #forgetOne(): void {
    for (const [callId, { sessions }] of this.#calls) {
      if (sessions.size > 0) continue;
      this.#calls.delete(callId);
      return;
    }
  }
}
