/** One more, and the one that has waited longest makes room: joining takes no time. */
export const unjoinedMax = 10_000;

interface Waiting {
  close(code: 4408): void;
}

/** The sockets that have not joined yet, in the order of their coming. A flood of them must not keep out those that do. */
export class UnjoinedSockets<Link extends Waiting> {
  readonly #max: number;
  readonly #waiting = new Set<Link>();

  constructor(max = unjoinedMax) {
    this.#max = max;
  }

  add(link: Link): void {
    this.#waiting.add(link);
    const [longest] = this.#waiting;
    if (this.#waiting.size <= this.#max || longest === undefined) return;
    this.#waiting.delete(longest);
    longest.close(4408);
  }

  /** It has joined, or is gone. */
  delete(link: Link): void {
    this.#waiting.delete(link);
  }
}
