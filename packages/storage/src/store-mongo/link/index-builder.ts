import { type Clock, StoreRefused } from "@echoo/core";
import { formerIndexes, indexes } from "./indexes.ts";
import { translateFault } from "./mongo-fault.ts";
import type { MongoLink } from "./mongo-link.ts";

/** Waits between tries, doubled each time. */
const firstBackoffMs = 250;
const longestBackoffMs = 10_000;

export interface IndexKeeperOptions {
  readonly link: MongoLink;
  readonly clock: Clock;
  /** They cannot be made now; it is tried again. Told once, and once more if the database turns out to be another's. */
  readonly onFault: (error: unknown) => void;
  /** All of them are there. */
  readonly onDone: () => void;
}

/**
 * Makes the indexes, from the start on and for as long as it takes. Those that are there are left as they are, and several
 * nodes may do it at once: the database builds each index once, in the background, and goes on with a build whose asker is gone.
 */
export class IndexBuilder {
  readonly done: Promise<void>;
  readonly #options: IndexKeeperOptions;
  readonly #resolve: () => void;
  #cancelTimer: (() => void) | undefined;
  #failures = 0;
  #isDone = false;
  #isStopped = false;
  #isRefused = false;

  constructor(options: IndexKeeperOptions) {
    this.#options = options;
    const { promise, resolve } = withResolver();
    this.done = promise;
    this.#resolve = resolve;
  }

  start(): void {
    void this.#try();
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  async #try(): Promise<void> {
    try {
      await this.#make();
    } catch (error) {
      if (!this.#isStopped) this.#failed(translateFault(error));
      return;
    }
    if (this.#isStopped) return;
    this.#isDone = true;
    this.#options.onDone();
    this.#resolve();
  }

  async #make(): Promise<void> {
    for (const [name, list] of Object.entries(indexes)) {
      const collection = this.#options.link.collection(name);
      // Not under the limit of a request: building one over a long history takes its time.
      for (const { key, name: index, options } of list) {
        await this.#options.link.unlimited(() => collection.createIndex(key, { name: index, ...options }));
      }
    }
    for (const [name, former] of Object.entries(formerIndexes)) await this.#drop(name, former);
  }

  async #drop(name: string, former: readonly string[]): Promise<void> {
    const collection = this.#options.link.collection(name);
    const there = await this.#options.link.unlimited(() => collection.indexes());
    for (const { name: index = "" } of there) {
      if (!former.includes(index)) continue;
      // Another node may have dropped it by now.
      const drop = () => collection.dropIndex(index).catch(ignoreMissing);
      await this.#options.link.unlimited(drop);
    }
  }

  #failed(error: unknown): void {
    this.#failures++;
    // That a database which was away is a newer program's is told as well.
    const isNews = this.#failures === 1 || (error instanceof StoreRefused && !this.#isRefused);
    this.#isRefused ||= error instanceof StoreRefused;
    if (isNews) this.#options.onFault(error);
    const backoffMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (this.#failures - 1));
    this.#cancelTimer = this.#options.clock.after(backoffMs, () => void this.#try());
  }
}

const indexNotFound = 27;

function ignoreMissing(error: unknown): void {
  if ((error as { code?: unknown }).code !== indexNotFound) throw error;
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
