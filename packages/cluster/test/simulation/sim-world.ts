import { seededRandom } from "@echoo/testkit";

interface Event {
  readonly atMs: number;
  readonly number: number;
  readonly run: () => void;
}

/** Virtual time and chance of one schedule: the same seed gives the same schedule. */
export class SimWorld {
  readonly seed: number;
  readonly #random: () => number;
  readonly #queue: Event[] = [];
  nowMs = 0;
  #count = 0;
  readonly broken: string[] = [];
  readonly counts = new Map<string, number>();
  readonly #trace: ((line: string) => void) | undefined;

  constructor(seed: number, trace?: (line: string) => void) {
    this.seed = seed;
    this.#random = seededRandom(seed);
    this.#trace = trace;
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs, number: ++this.#count, run };
    const queue = this.#queue;
    let child = queue.push(event) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(event, queue[parent] as Event)) break;
      queue[child] = queue[parent] as Event;
      child = parent;
    }
    queue[child] = event;
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + Math.max(0, delayMs), run);
  }

  /** Runs what falls due; promises are settled after each event. */
  async runUntil(atMs: number): Promise<void> {
    for (let next = this.#queue[0]; next && next.atMs <= atMs; next = this.#queue[0]) {
      this.#pop();
      this.nowMs = next.atMs;
      next.run();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.nowMs = atMs;
  }

  get events(): number {
    return this.#count;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  latencyMs(): number {
    return this.below(40) === 0 ? 20 + this.below(400) : 1 + this.below(12);
  }

  log(line: () => string): void {
    this.#trace?.(`${String(this.nowMs).padStart(7)}  ${line()}`);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  fail(why: string): void {
    this.log(() => `BROKEN ${why}`);
    if (this.broken.length < 8) this.broken.push(why);
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop() as Event;
    if (queue.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && isBefore(queue[child + 1] as Event, queue[child] as Event)) child += 1;
      if (!isBefore(queue[child] as Event, last)) break;
      queue[parent] = queue[child] as Event;
      parent = child;
    }
    queue[parent] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}
