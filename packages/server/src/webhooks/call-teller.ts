import {
  type Call,
  type CallState,
  type Clock,
  type EndedCall,
  type StoredCall,
  StoreUnavailable,
  type WebhookFact,
  type Webhooks,
} from "@echoo/core";
import { factsOfCall, factsOfRecord, verdictFact } from "./call-facts.ts";

export const tellerBounds = { queuedFacts: 10_000, factsAtOnce: 100, firstPauseMs: 1_000, longestPauseMs: 10_000 };

interface CallTellerDeps {
  readonly webhooks: Pick<Webhooks, "announce">;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly newId: () => string;
  /** Whether there is any webhook. */
  readonly isUsed: () => boolean;
  /** Something was told: it may be due. */
  readonly onTold: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * Tells the outbox of calls. What begins and is answered is told once the journal has it, and follows from the call: a
 * process that dies before the store was told tells it again of each call that it finds in its journal. The end is told
 * with the record, with all that was not told before.
 */
export class CallTeller {
  readonly #deps: CallTellerDeps;
  /** How many events of each unfinished call were told. */
  readonly #told = new Map<string, number>();
  #queue: WebhookFact[] = [];
  #underWay: Promise<void> | undefined;
  #cancelPause: (() => void) | undefined;
  #pauseMs = 0;
  #isStopped = false;

  constructor(deps: CallTellerDeps) {
    this.#deps = deps;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** The journal has the call as it is now. */
  callChanged(call: Call, before: CallState | undefined): void {
    if (call.state === "ended") {
      this.#told.delete(call.id);
      return;
    }
    const told = this.#told.get(call.id);
    if (!this.#deps.isUsed() || (call.state === before && told !== undefined)) return;
    const facts = factsOfCall(call, this.#deps.newId);
    this.#told.set(call.id, facts.length);
    if (facts.length > (told ?? 0)) this.#enqueue(facts.slice(told ?? 0));
  }

  /** The store has these calls in the histories. Rejects with `StoreUnavailable`: then they are told again. */
  async callsStored(records: readonly EndedCall[]): Promise<void> {
    if (!this.#deps.isUsed()) return;
    try {
      await this.#deps.webhooks.announce(records.flatMap((record) => factsOfRecord(record, this.#deps.newId)));
      this.#deps.onTold();
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // No call is kept from the histories of others by this.
      this.#deps.onFault(error);
    }
  }

  /** A minute after the end of a call. */
  callJudged(call: StoredCall): void {
    if (this.#deps.isUsed()) this.#enqueue(verdictFact(call, this.#deps.newId(), this.#deps.clock.now()));
  }

  /** What waits here must not bring an erased number back. */
  async userErased(userId: string): Promise<void> {
    await this.#underWay;
    // The end of the call tells it under the name that the number has then.
    this.#queue = this.#queue.filter(({ parties }) => !parties.includes(userId));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelPause?.();
    await this.#underWay;
  }

  #enqueue(facts: readonly WebhookFact[]): void {
    this.#queue.push(...facts);
    const over = this.#queue.length - tellerBounds.queuedFacts;
    // The oldest: they come at the end of their call at the latest.
    if (over > 0) this.#queue.splice(0, over);
    this.#begin();
  }

  #begin(): void {
    if (this.#isStopped || this.#underWay || this.#cancelPause || this.#queue.length === 0) return;
    this.#underWay = this.#tell().finally(() => {
      this.#underWay = undefined;
      this.#begin();
    });
  }

  async #tell(): Promise<void> {
    const some = this.#queue.slice(0, tellerBounds.factsAtOnce);
    try {
      await this.#deps.webhooks.announce(some);
      this.#pauseMs = 0;
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        this.#pause();
        return;
      }
      this.#deps.onFault(error);
    }
    const told = new Set(some);
    this.#queue = this.#queue.filter((fact) => !told.has(fact));
    this.#deps.onTold();
  }

  #pause(): void {
    const { firstPauseMs, longestPauseMs } = tellerBounds;
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2 || firstPauseMs);
    this.#cancelPause = this.#deps.clock.after(this.#pauseMs, () => {
      this.#cancelPause = undefined;
      this.#begin();
    });
  }
}
