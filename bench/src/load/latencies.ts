import { percentile } from "@echoo/core";

/** How long something took, many times over. */
export class Latencies {
  readonly #ms: number[] = [];

  add(ms: number): void {
    this.#ms.push(ms);
  }

  get count(): number {
    return this.#ms.length;
  }

  at(percent: number): number {
    return percentile(
      [...this.#ms].sort((a, b) => a - b),
      percent,
    );
  }
}

/** The middle one of several rounds. */
export function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    50,
  );
}
