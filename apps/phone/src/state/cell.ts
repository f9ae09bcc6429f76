import { useLayoutEffect, useState } from "preact/hooks";

/** A value that tells its readers when it changes. */
export class Cell<T> {
  #value: T;
  readonly #readers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const reader of [...this.#readers]) reader(value);
  }

  /** Replaces some fields of a value that is an object. */
  patch(fields: Partial<T>): void {
    this.set({ ...this.#value, ...fields });
  }

  subscribe(reader: (value: T) => void): () => void {
    this.#readers.add(reader);
    return () => {
      this.#readers.delete(reader);
    };
  }
}

/** The cell's value in a component, drawn anew when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [, redraw] = useState({});
  const value = cell.value;
  // The cell may have changed between this drawing and the moment its reader is in place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another cell needs another reader.
  useLayoutEffect(() => {
    if (!Object.is(value, cell.value)) redraw({});
    return cell.subscribe(() => redraw({}));
  }, [cell]);
  return value;
}
