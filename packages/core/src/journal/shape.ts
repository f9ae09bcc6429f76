/** Says where and how a value is no T, as "offered[1].can is missing"; undefined where it is one. */
export interface Shape<T> {
  (value: unknown, at: string): string | undefined;
  /** For the compiler alone. */
  readonly of?: T;
}

/** A field that may be absent. */
interface Optional<T> {
  readonly optional: Shape<T>;
}

/** A row for each field of a T: one that was added to it and has no row does not compile. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Shape<T[K]>;
};

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

export const text: Shape<string> = (value, at) => (typeof value === "string" ? undefined : `${at} is no text`);
export const flag: Shape<boolean> = (value, at) => (typeof value === "boolean" ? undefined : `${at} is no boolean`);
/** Without what sums and comparisons do not survive. */
export const figure: Shape<number> = (value, at) => (Number.isFinite(value) ? undefined : `${at} is no number`);

export function oneOf<const T extends string | boolean>(...values: readonly T[]): Shape<T> {
  return (value, at) => (values.includes(value as T) ? undefined : `${at} is none of its values`);
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? undefined : shape(value, at));
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} is no list`;
    for (const [index, item] of value.entries()) {
      const fault = shape(item, `${at}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** An object with these fields and no other. What a fault says names fields, and nothing that is in them. */
export function object<T>(fields: Fields<T>): Shape<T> {
  const rows = Object.entries<Shape<unknown> | Optional<unknown>>(fields);
  const known = new Set(rows.map(([name]) => name));
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at || "it"} is no object`;
    for (const [name, row] of rows) {
      const here = at === "" ? name : `${at}.${name}`;
      const shape = "optional" in row ? row.optional : row;
      const field = (value as Record<string, unknown>)[name];
      if (field === undefined) {
        if ("optional" in row) continue;
        return `${here} is missing`;
      }
      const fault = shape(field, here);
      if (fault !== undefined) return fault;
    }
    return Object.keys(value).every((name) => known.has(name)) ? undefined : `${at || "it"} has an unknown field`;
  };
}
