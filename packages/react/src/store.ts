/** What `useSyncExternalStore` takes: a value that is the same object until it changes. */
export interface Store<T> {
  subscribe(changed: () => void): () => void;
  read(): T;
}

/** One store for each client, call and the like, made when it is first asked for and gone with it. */
export function storeOf<Key extends WeakKey, T>(make: (key: Key) => T): (key: Key) => T {
  const stores = new WeakMap<Key, T>();
  return (key) => {
    const store = stores.get(key) ?? make(key);
    stores.set(key, store);
    return store;
  };
}

/** Subscribers of a value, of which the first begins some work and the last ends it. */
export class Subscribers {
  readonly #all = new Set<() => void>();
  readonly #begin: () => () => void;
  #end: (() => void) | undefined;

  constructor(begin: () => () => void) {
    this.#begin = begin;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    // An own function for each, so that one that subscribes twice is two.
    const tell = () => changed();
    this.#all.add(tell);
    this.#end ??= this.#begin();
    return () => {
      this.#all.delete(tell);
      if (this.#all.size > 0) return;
      this.#end?.();
      this.#end = undefined;
    };
  };

  tell(): void {
    for (const changed of [...this.#all]) changed();
  }
}

/** Whether two objects have the same fields with the same values. */
export function isSame<T extends object>(one: T, other: T): boolean {
  const fields = Object.keys(one) as (keyof T)[];
  return fields.length === Object.keys(other).length && fields.every((field) => Object.is(one[field], other[field]));
}
