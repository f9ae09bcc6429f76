/** Lone surrogates, which UTF-8 cannot hold, and NUL, which the port gives up as well. */
const unkeepable = /\p{Surrogate}|\0/gu;

/**
 * The text as the database keeps it. Every string of a caller goes through here on its way into a query, so that nothing
 * but a string ever gets there: an object in its place, such as `{"$ne": null}`, would be an instruction.
 */
export function text(value: string): string {
  if (typeof value !== "string") throw new TypeError(`a value of type ${typeof value} where a text belongs`);
  return value.replace(unkeepable, "\ufffd");
}

export function textOrAbsent<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: text(value) } as { readonly [P in K]?: string });
}
