import { isAnswered, type UnfinishedCall } from "../../call/call.ts";
import { finish } from "../../call/phases/finish.ts";
import { readLoaded } from "../../journal/read-body.ts";
import type { Steady } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster/cluster.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Delivery } from "../delivery.ts";

/** What is asked about them again after so many looks, one a second, where the store did not know yet. */
const looksBetween = 3;

/** An end is held on to for so long: records that wait in the store for 20 s are given to the database by any node. */
const endKeptMs = 30_000;

/** What calls that were left need of the engine. */
interface LeftContext {
  readonly cluster: Cluster;
  readonly delivery: Pick<Delivery, "record" | "letGo">;
  steady(): Steady;
  /** Whether this node is the home of the call after all. */
  isHome(callId: string): boolean;
}

/**
 * Calls that this node was the home of: before it died, was buried, or lost them to another home. What the store knows
 * is decided elsewhere, and the journal lets go of it. What it does not know, once everybody has put back what they
 * know, nobody will ever end: it is recorded as what a restart ends.
 */
export class LeftCalls {
  readonly #state: LeftContext;
  readonly #calls = new Map<string, UnfinishedCall>();
  /** Since when the store is known to remember their end. */
  readonly #ended = new Map<string, Steady>();
  #looks = 0;

  constructor(state: LeftContext) {
    this.#state = state;
  }

  /** Those that the process before this one left; what cannot be read is set aside. */
  load(journal: Pick<Journal, "load" | "setCallAside">): void {
    for (const entry of journal.load().live) {
      try {
        this.#calls.set(entry.callId, readLoaded(entry));
      } catch (error) {
        journal.setCallAside("live", entry.callId, error);
      }
    }
  }

  add(call: UnfinishedCall): void {
    this.#calls.set(call.id, call);
  }

  /** Asks the store about them, now and then; to be called once a second while it can be asked. */
  look(): void {
    this.#looks += 1;
    if (this.#looks % looksBetween !== 0) return;
    for (const callId of this.#calls.keys()) {
      this.#state.cluster.scripts.find(callId).then(
        ({ code }) => {
          const call = this.#calls.get(callId);
          if (!call || code === "wait" || (code === "ended" && !this.#isStoredBy(callId))) return;
          this.#calls.delete(callId);
          this.#ended.delete(callId);
          if (!this.#state.isHome(callId)) this.#letGo(call, code === "gone");
        },
        () => {},
      );
    }
  }

  /** Its record may be in the store alone, until any node has given it to the database. */
  #isStoredBy(callId: string): boolean {
    const nowMs = this.#state.steady();
    const sinceMs = this.#ended.get(callId) ?? nowMs;
    this.#ended.set(callId, sinceMs);
    return nowMs - sinceMs >= endKeptMs;
  }

  #letGo(call: UnfinishedCall, isLost: boolean): void {
    const [finished, effects] = finish(call, { reason: "server_restart", atMs: lastKnown(call, this.#state.steady()) });
    for (const effect of effects) if (isLost && effect.type === "record") this.#state.delivery.record(effect.record);
    this.#state.delivery.letGo(finished);
  }
}

/** The last moment that somebody is known to have been in it; nothing is known of what came after. */
function lastKnown(call: UnfinishedCall, nowMs: Steady): Steady {
  const since = isAnswered(call)
    ? [call.answeredAtMs, call.connectedAtMs, call.calleeLeg.provenAtMs, call.returnedAtMs]
    : [call.placedAtMs, call.ringingAtMs];
  const known = [...since, call.callerLeg.provenAtMs].filter((atMs) => atMs !== undefined);
  return Math.min(nowMs, Math.max(...known));
}
