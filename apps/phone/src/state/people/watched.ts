import type { EchooClient } from "@echoo/client";

/** As many as the server tells a client about at once. */
export const maxWatched = 200;

/** Whose presence is followed: past the bound those go whom this person has looked at least recently. */
export class Watched {
  /** The one looked at last stands last. */
  readonly #numbers = new Set<string>();
  readonly #client: Pick<EchooClient, "watch" | "unwatch">;

  constructor(client: Pick<EchooClient, "watch" | "unwatch">) {
    this.#client = client;
  }

  /** These are on the screen. Of more than can be followed the first are. */
  add(numbers: readonly string[]): void {
    const seen = [...new Set(numbers)].slice(0, maxWatched);
    const added = seen.filter((number) => !this.#numbers.has(number));
    for (const number of seen) {
      this.#numbers.delete(number);
      this.#numbers.add(number);
    }
    const gone = [...this.#numbers].slice(0, Math.max(0, this.#numbers.size - maxWatched));
    this.drop(gone);
    if (added.length > 0) this.#client.watch(added);
  }

  /** As far as there is room besides those that are followed. */
  fill(numbers: readonly string[]): void {
    const others = numbers.filter((number) => !this.#numbers.has(number));
    this.add(others.slice(0, maxWatched - this.#numbers.size));
  }

  drop(numbers: readonly string[]): void {
    const dropped = numbers.filter((number) => this.#numbers.delete(number));
    if (dropped.length > 0) this.#client.unwatch(dropped);
  }
}
