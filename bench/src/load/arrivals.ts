import { seededRandom } from "@echoo/testkit";

/** Finer than any latency that is measured against it. */
const tickMs = 1;

/** Does something at random moments of so many a second, as people do who know nothing of each other. */
export async function arrive(perSec: number, seconds: number, happen: () => void): Promise<void> {
  const random = seededRandom(1);
  const gapMs = () => (-Math.log(1 - random()) * 1000) / perSec;
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let nextMs = startMs + gapMs();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const nowMs = performance.now();
      for (; nextMs <= nowMs && nextMs < endMs; nextMs += gapMs()) happen();
      if (nowMs < endMs) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
}

/** Things that are used one at a time, and come back. */
export class Pool<T> {
  readonly #free: T[];
  #busy = 0;
  #onIdle: () => void = () => {};

  constructor(items: readonly T[]) {
    this.#free = [...items];
  }

  /** Runs with one that is free; false where all are in use. */
  use(work: (item: T) => Promise<unknown>, onError: (error: unknown) => void): boolean {
    const item = this.#free.shift();
    if (item === undefined) return false;
    this.#busy += 1;
    void work(item)
      .catch(onError)
      .finally(() => {
        this.#free.push(item);
        this.#busy -= 1;
        if (this.#busy === 0) this.#onIdle();
      });
    return true;
  }

  /** Waits until all are back. */
  async idle(): Promise<void> {
    if (this.#busy === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
