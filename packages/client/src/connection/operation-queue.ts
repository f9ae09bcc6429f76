import { EchooError } from "../echoo-error.ts";

/** How many operations may wait: a call that has more than this to do is not being served any more. */
export const maxWaiting = 512;

/** Runs operations one after another, so that those of one call never interleave. */
export class OperationQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** The result settles with the operation; one that was still waiting when the queue closed never runs. */
  run<T>(operation: () => T | Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new EchooError("call_ended"));
    if (this.#waiting >= maxWaiting) return Promise.reject(new EchooError("rate_limited"));
    this.#waiting += 1;
    const result = this.#tail.then(() => {
      this.#waiting -= 1;
      if (this.#closed) throw new EchooError("call_ended");
      return operation();
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  close(): void {
    this.#closed = true;
  }
}
