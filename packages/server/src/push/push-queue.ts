import { type Clock, type PushOrder, type PushOutcome, type PushService, StoreUnavailable } from "@echoo/core";
import type { SendResult } from "./push-sender.ts";

/** What is waiting to be pushed, and how it goes on. */
export const pushBounds = { waiting: 1_000, underWay: 64, attempts: 3, longestPauseMs: 60_000 };

/** How long until the next attempt, where the service did not say. */
const pausesMs = [1_000, 3_000];

/** `seen`: its user knows. `early`: what it tells of is not stored yet. */
type Delivered = SendResult | { readonly outcome: "seen" | "early" };

export interface PushCount {
  readonly kind: PushOrder["kind"];
  readonly outcome: SendResult["outcome"] | "counted" | "given_up" | "unneeded";
}

interface PushQueueDeps {
  readonly clock: Clock;
  /** Makes one attempt. Rejects with `StoreUnavailable` while the device cannot be looked up. */
  readonly deliver: (order: PushOrder, isWanted: () => boolean) => Promise<Delivered>;
  readonly onOutcome: (count: PushCount) => void;
  readonly onFault: (error: unknown) => void;
}

interface Job {
  readonly order: PushOrder;
  readonly isWanted: () => boolean;
  readonly done: (outcome: PushOutcome) => void;
  attempts: number;
  /** An attempt broke off in a way that leaves open whether the service has it. */
  isUnsure: boolean;
}

/** Orders wait here, rings first; what hangs holds up a few places and nothing else. */
export class PushQueue implements PushService {
  readonly #deps: PushQueueDeps;
  readonly #rings: Job[] = [];
  readonly #stops: Job[] = [];
  readonly #pauses = new Set<() => void>();
  #underWay = 0;
  #isStopped = false;
  isUsed = false;

  constructor(deps: PushQueueDeps) {
    this.#deps = deps;
  }

  get waiting(): number {
    return this.#rings.length + this.#stops.length + this.#pauses.size;
  }

  send(order: PushOrder, isWanted: () => boolean, done: (outcome: PushOutcome) => void): void {
    if (this.#isStopped) return;
    const job: Job = { order, isWanted, done, attempts: 0, isUnsure: false };
    if (this.waiting >= pushBounds.waiting && !this.#makeRoom(order)) {
      this.#drop(job);
      return;
    }
    (order.kind === "ring" ? this.#rings : this.#stops).push(job);
    this.#begin();
  }

  /** What waits is for the next process: the journal has it. */
  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#pauses) cancel();
    this.#pauses.clear();
    this.#rings.length = 0;
    this.#stops.length = 0;
  }

  /** A ring takes the place of the newest stop. */
  #makeRoom({ kind }: PushOrder): boolean {
    const newest = kind === "ring" ? this.#stops.pop() : undefined;
    if (newest) this.#drop(newest);
    return newest !== undefined;
  }

  /** Later, as every outcome: who sends does not expect it within. */
  #drop({ order, done }: Job): void {
    this.#deps.onOutcome({ kind: order.kind, outcome: "counted" });
    this.#deps.clock.after(0, () => {
      if (!this.#isStopped) done("none");
    });
  }

  #begin(): void {
    while (this.#underWay < pushBounds.underWay) {
      const job = this.#rings.shift() ?? this.#stops.shift();
      if (!job) return;
      this.#underWay += 1;
      void this.#attempt(job).finally(() => {
        this.#underWay -= 1;
        if (!this.#isStopped) this.#begin();
      });
    }
  }

  async #attempt(job: Job): Promise<void> {
    const result = await this.#deliver(job);
    if (!this.#isStopped) this.#settle(job, result);
  }

  async #deliver(job: Job): Promise<Delivered | "unwanted"> {
    if (!job.isWanted()) return "unwanted";
    try {
      return await this.#deps.deliver(job.order, job.isWanted);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.#deps.onFault(error);
      return { outcome: "later", unsure: false };
    }
  }

  #settle(job: Job, result: Delivered | "unwanted"): void {
    const outcome = result === "unwanted" ? "seen" : result.outcome;
    job.attempts += outcome === "seen" ? 0 : 1;
    switch (outcome) {
      case "seen":
        this.#end(job, "unneeded", "none");
        break;
      case "accepted":
        this.#end(job, "accepted", "sent");
        break;
      case "gone":
        this.#end(job, "gone", "gone");
        break;
      case "refused":
        this.#end(job, "refused", "none");
        break;
      case "early":
        this.#later(job, undefined);
        break;
      case "later":
        this.#tryAgain(job, result as Extract<SendResult, { outcome: "later" }>);
        break;
    }
  }

  #tryAgain(job: Job, { retryInMs, unsure }: Extract<SendResult, { outcome: "later" }>): void {
    job.isUnsure ||= unsure;
    this.#deps.onOutcome({ kind: job.order.kind, outcome: "later" });
    this.#later(job, retryInMs);
  }

  /** Twice more within the ring, or a minute. */
  #later(job: Job, retryInMs: number | undefined): void {
    const { order, attempts } = job;
    const pauseMs = retryInMs ?? pausesMs[attempts - 1] ?? pushBounds.longestPauseMs;
    const leftMs = order.kind === "ring" ? order.endsAtMs - this.#deps.clock.now() : pushBounds.longestPauseMs;
    if (attempts >= pushBounds.attempts || pauseMs >= leftMs) {
      this.#end(job, "given_up", "none");
      return;
    }
    const cancel = this.#deps.clock.after(pauseMs, () => {
      this.#pauses.delete(cancel);
      (order.kind === "ring" ? this.#rings : this.#stops).unshift(job);
      this.#begin();
    });
    this.#pauses.add(cancel);
  }

  #end({ order, done, isUnsure }: Job, outcome: PushCount["outcome"], told: PushOutcome): void {
    this.#deps.onOutcome({ kind: order.kind, outcome });
    done(told === "none" && isUnsure ? "unsure" : told);
  }
}
