/** The sentences of one of the protocol's tables, by code. */
export function sentencesOf<K extends string>(table: Record<K, { readonly sentence: string }>): Record<K, string> {
  const entries = Object.entries<{ readonly sentence: string }>(table).map(([code, row]) => [code, row.sentence]);
  return Object.fromEntries(entries) as Record<K, string>;
}
