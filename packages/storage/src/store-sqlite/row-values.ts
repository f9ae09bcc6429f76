/** SQLite has no booleans. */
export function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

export function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

/** The property alone if the column holds something: an absent property and NULL mean the same. */
export function present<K extends string, V>(name: K, value: V | null): { readonly [P in K]?: V } {
  return value === null ? {} : ({ [name]: value } as { readonly [P in K]?: V });
}
