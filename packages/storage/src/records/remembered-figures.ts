import type { SummaryBuilder } from "@echoo/core";

/** The figures of sides, as many as there is memory for. Past it those that were not used for longest go. */
export class RememberedFigures {
  readonly #maxSamples: number;
  /** In the order of their last use. */
  readonly #builders = new Map<string, SummaryBuilder>();
  /** How many samples there is memory for in all of them. */
  #capacity = 0;

  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  put(key: string, builder: SummaryBuilder): void {
    this.forget(key);
    this.#builders.set(key, builder);
    this.#capacity += builder.capacity;
    this.#makeRoom(key);
  }

  /** Does something with them that may make them more; undefined where they are not remembered. */
  use<T>(key: string, run: (builder: SummaryBuilder) => T): T | undefined {
    const builder = this.#builders.get(key);
    if (builder === undefined) return undefined;
    this.forget(key);
    const result = run(builder);
    this.put(key, builder);
    return result;
  }

  forget(key: string): void {
    const builder = this.#builders.get(key);
    if (builder === undefined) return;
    this.#builders.delete(key);
    this.#capacity -= builder.capacity;
  }

  /** What is in use stays, however much it is. */
  #makeRoom(inUse: string): void {
    for (const key of this.#builders.keys()) {
      if (this.#capacity <= this.#maxSamples || key === inUse) return;
      this.forget(key);
    }
  }
}
