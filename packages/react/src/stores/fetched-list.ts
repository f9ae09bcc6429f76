import { Subscribers } from "../store.ts";

/** A list that the server has: not read yet, read, or what kept it from being read. */
export interface ListView<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Reads a list once a component shows it, and again when it is told to. An answer that was overtaken is dropped. */
export class FetchedList<T> {
  readonly #subscribers: Subscribers;
  #view: ListView<T> = { items: [], isLoading: true, error: undefined };
  #readings = 0;

  constructor(begin: (list: FetchedList<T>) => () => void) {
    this.#subscribers = new Subscribers(() => begin(this));
  }

  get subscribe() {
    return this.#subscribers.subscribe;
  }

  readonly read = (): ListView<T> => this.#view;

  async load(fetch: (before: readonly T[]) => Promise<readonly T[]>): Promise<void> {
    this.#readings += 1;
    const reading = this.#readings;
    this.#become({ ...this.#view, isLoading: true, error: undefined });
    try {
      const items = await fetch(this.#view.items);
      if (reading === this.#readings) this.#become({ items, isLoading: false, error: undefined });
    } catch (error) {
      if (reading === this.#readings) this.#become({ ...this.#view, isLoading: false, error });
    }
  }

  #become(view: ListView<T>): void {
    this.#view = view;
    this.#subscribers.tell();
  }
}
