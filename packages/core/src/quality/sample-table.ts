import type { Sample } from "@echoo/protocol";
import { estimateMos } from "./mos.ts";

/** What a summary needs of a sample, a number each. A figure that is not known is −1: none is less than 0. */
const columns = [
  ["t", (sample: Sample) => sample.t],
  ["mos", (sample: Sample) => estimateMos(sample)],
  ["rttMs", (sample: Sample) => sample.rttMs],
  ["jitterMs", (sample: Sample) => sample.jitterMs],
  ["lossPercent", (sample: Sample) => sample.lossPercent],
  ["sendKbps", (sample: Sample) => sample.sendKbps],
  ["recvKbps", (sample: Sample) => sample.recvKbps],
  ["freezes", (sample: Sample) => sample.freezes],
  ["dataUsedBytes", (sample: Sample) => sample.dataUsedBytes],
  ["pair", (sample: Sample) => codeOf(pairs, sample.pair)],
  ["network", (sample: Sample) => codeOf(networks, sample.network)],
] as const;
const pairs = ["host", "srflx", "prflx", "relay"] as const;
export const networks = ["wifi", "cellular", "ethernet"] as const;

export type Column = (typeof columns)[number][0];
export const relayPair = pairs.indexOf("relay");
const columnAt = Object.fromEntries(columns.map(([name], at) => [name, at])) as Record<Column, number>;
const width = columns.length;
const unknown = -1;
const firstCapacity = 16;

/**
 * A set of samples in bounded memory, as numbers alone, in the order of time. It does not depend on the order in which
 * they came.
 *
 * Time is cut into slots, at first of 1 ms, and each slot keeps its first sample: a repeated one changes nothing.
 * When more slots are taken than allowed, slots double in width until they fit. The first of a wide slot is the
 * first of one of its halves, and taken slots only ever grow in number, so every order ends at the same width with
 * the same samples, spread over the whole time.
 */
export class SampleTable {
  readonly #maxSamples: number;
  #slotMs = 1;
  #size = 0;
  /** Row after row. */
  #rows = new Float64Array(firstCapacity * width);
  readonly #row = new Float64Array(width);

  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  get size(): number {
    return this.#size;
  }

  /** How many samples there is memory for at the moment. */
  get capacity(): number {
    return this.#rows.length / width;
  }

  /** Takes a sample, and tells whether that changed the set: it was not in it before, and is now. */
  add(sample: Sample): boolean {
    this.#read(sample);
    const at = this.#positionOf(this.#time);
    const rival = this.#rivalAt(at);
    if (rival !== undefined && this.#compare(rival) >= 0) return false;
    if (rival !== undefined) this.#rows.set(this.#row, rival * width);
    else this.#insert(at);
    if (this.#size <= this.#maxSamples) return true;
    while (this.#size > this.#maxSamples) this.#widen();
    return this.find(sample) !== undefined;
  }

  /** Where this very sample stands, by its figures; undefined where it is not kept. */
  find(sample: Sample): number | undefined {
    this.#read(sample);
    const at = this.#positionOf(this.#time);
    return at < this.#size && this.#compare(at) === 0 ? at : undefined;
  }

  /** The known figures of one column, in the order of time. */
  known(column: Column): Float64Array {
    const values = new Float64Array(this.#size);
    let count = 0;
    for (let at = columnAt[column]; at < this.#size * width; at += width) {
      const value = this.#rows[at] ?? unknown;
      if (value !== unknown) values[count++] = value;
    }
    return values.subarray(0, count);
  }

  get #time(): number {
    return this.#row[0] ?? 0;
  }

  #read(sample: Sample): void {
    for (const [at, [, figureOf]] of columns.entries()) this.#row[at] = figureOf(sample) ?? unknown;
  }

  /** The first row that is not earlier. */
  #positionOf(t: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timeAt(middle) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The row that has the slot already: the only one there can be is a neighbour. */
  #rivalAt(at: number): number | undefined {
    const slot = this.#slotOf(this.#time);
    if (at < this.#size && this.#slotOf(this.#timeAt(at)) === slot) return at;
    if (at > 0 && this.#slotOf(this.#timeAt(at - 1)) === slot) return at - 1;
    return undefined;
  }

  /** By time. Two that contradict each other about one moment have an order all the same: that of their figures. */
  #compare(at: number): number {
    for (let column = 0; column < width; column += 1) {
      const difference = (this.#row[column] ?? 0) - (this.#rows[at * width + column] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #insert(at: number): void {
    if (this.#size === this.capacity) {
      const larger = new Float64Array(Math.ceil(this.capacity * 1.5) * width);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.copyWithin((at + 1) * width, at * width, this.#size * width);
    this.#rows.set(this.#row, at * width);
    this.#size += 1;
  }

  #widen(): void {
    this.#slotMs *= 2;
    let kept = 0;
    let lastSlot = Number.NaN;
    for (let at = 0; at < this.#size; at += 1) {
      const slot = this.#slotOf(this.#timeAt(at));
      if (slot === lastSlot) continue;
      lastSlot = slot;
      this.#rows.copyWithin(kept * width, at * width, (at + 1) * width);
      kept += 1;
    }
    this.#size = kept;
  }

  #timeAt(at: number): number {
    return this.#rows[at * width] ?? 0;
  }

  #slotOf(t: number): number {
    return Math.floor(t / this.#slotMs);
  }
}

function codeOf(names: readonly string[], name: string | undefined): number | undefined {
  return name === undefined ? undefined : names.indexOf(name);
}
