import type { PushOrder, PushOutcome, PushService } from "@echoo/core";

interface Waiting {
  readonly order: PushOrder;
  readonly isWanted: () => boolean;
  readonly done: (outcome: PushOutcome) => void;
}

/** A push service that does nothing by itself: a test says when it begins an order, and what comes of it. */
export class ScenarioPush implements PushService {
  isUsed = true;
  /** Every order that was begun, over all lives of the process. */
  readonly begun: PushOrder[] = [];
  #queue: Waiting[] = [];
  #open: Waiting[] = [];

  send(order: PushOrder, isWanted: () => boolean, done: (outcome: PushOutcome) => void): void {
    this.#queue.push({ order, isWanted, done });
  }

  get waiting(): number {
    return this.#queue.length + this.#open.length;
  }

  /** Begins the oldest order; undefined where there is none, or it is not wanted any more. */
  begin(): PushOrder | undefined {
    const next = this.#queue.shift();
    if (!next) return undefined;
    if (!next.isWanted()) {
      next.done("none");
      return undefined;
    }
    this.begun.push(next.order);
    this.#open.push(next);
    return next.order;
  }

  /** The oldest that was begun is answered. */
  answer(outcome: PushOutcome): PushOrder | undefined {
    const open = this.#open.shift();
    open?.done(outcome);
    return open?.order;
  }

  /** There was no room for the oldest order. */
  overflow(): PushOrder | undefined {
    const lost = this.#queue.shift();
    lost?.done("none");
    return lost?.order;
  }

  /** The process died: what it waited for is told to no process. */
  restarted(): void {
    this.#queue = [];
    this.#open = [];
  }
}
