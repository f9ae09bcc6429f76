import type { ClientClock } from "../client-clock.ts";
import { EchooError } from "../echoo-error.ts";

const replyTimeoutMs = 5_000;
/** Questions that wait for their answers. One more is refused: those before it are answered within seconds. */
export const repliesMax = 256;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: EchooError) => void;
}

/** Promises for answers that name what was asked. The same question asked twice at once shares its answer. */
export class Replies<T> {
  readonly #clock: ClientClock;
  readonly #waiting = new Map<string, Waiting<T>[]>();
  #count = 0;

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** Asks, and waits for `settle` or `fail` with the same key. `ask` is false where nothing can be sent. */
  request(key: string, ask: () => boolean): Promise<T> {
    if (this.#count >= repliesMax) return Promise.reject(new EchooError("rate_limited"));
    return new Promise<T>((resolve, reject) => {
      const cancel = this.#clock.after(replyTimeoutMs, () => this.fail(key, new EchooError("timeout")));
      const one: Waiting<T> = {
        resolve: (value) => {
          cancel();
          resolve(value);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      };
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), one]);
      this.#count += 1;
      if (!ask()) this.fail(key, new EchooError("offline"));
    });
  }

  settle(key: string, value: T): void {
    for (const one of this.#take(key)) one.resolve(value);
  }

  fail(key: string, error: EchooError): void {
    for (const one of this.#take(key)) one.reject(error);
  }

  failAll(error: EchooError): void {
    for (const key of [...this.#waiting.keys()]) this.fail(key, error);
  }

  #take(key: string): readonly Waiting<T>[] {
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    this.#count -= waiting.length;
    return waiting;
  }
}
