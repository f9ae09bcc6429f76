import { Cell } from "../state/cell.ts";

export interface Fetched<T> {
  readonly part: T | undefined;
  readonly failed: boolean;
}

/** A part of the page whose script is fetched apart from the page's own. */
export class LatePart<T> {
  readonly view = new Cell<Fetched<T>>({ part: undefined, failed: false });
  readonly #load: () => Promise<T>;
  #fetching: Promise<void> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Fetches what is not there yet; asked again meanwhile, once. Never rejects. */
  fetch(): Promise<void> {
    if (this.view.value.part !== undefined) return Promise.resolve();
    this.#fetching ??= this.#fetch();
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    this.view.set({ part: undefined, failed: false });
    try {
      this.view.set({ part: await this.#load(), failed: false });
    } catch {
      this.view.set({ part: undefined, failed: true });
    } finally {
      this.#fetching = undefined;
    }
  }
}
