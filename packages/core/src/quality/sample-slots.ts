import type { Sample } from "@echoo/protocol";

/** The longest call, 12 h, at one sample every 2 s: what a proper client sends is never thinned out. */
const defaultMaxSamples = 21_600;

/**
 * A set of samples in bounded memory that does not depend on the order in which they came.
 *
 * Time is cut into slots, at first of 1 ms, and each slot keeps its first sample: a repeated one changes nothing.
 * When more slots are taken than allowed, slots double in width until they fit. The first of a wide slot is the
 * first of one of its halves, and taken slots only ever grow in number, so every order ends at the same width with
 * the same samples.
 */
export class SampleSlots {
  readonly #maxSamples: number;
  #slotMs = 1;
  #kept = new Map<number, Sample>();

  constructor(maxSamples = defaultMaxSamples) {
    this.#maxSamples = maxSamples;
  }

  add(sample: Sample): void {
    this.#put(sample);
    while (this.#kept.size > this.#maxSamples) {
      this.#slotMs *= 2;
      const narrower = this.#kept;
      this.#kept = new Map();
      for (const kept of narrower.values()) this.#put(kept);
    }
  }

  inOrder(): readonly Sample[] {
    return [...this.#kept.values()].sort(compareSamples);
  }

  #put(sample: Sample): void {
    const slot = Math.floor(sample.t / this.#slotMs);
    const kept = this.#kept.get(slot);
    if (kept === undefined || compareSamples(sample, kept) < 0) this.#kept.set(slot, sample);
  }
}

/** By time. Two that contradict each other about one moment have an order all the same: that of their figures. */
function compareSamples(a: Sample, b: Sample): number {
  return a.t - b.t || compareText(figures(a), figures(b));
}

function figures(sample: Sample): string {
  return JSON.stringify(Object.entries(sample).sort(([a], [b]) => compareText(a, b)));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
