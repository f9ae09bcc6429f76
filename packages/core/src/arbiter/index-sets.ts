/** An index from a key to the ids of all that have it; a key without any is gone. */
export type IndexSets = Map<string, Set<string>>;

export function addTo(index: IndexSets, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

export function removeFrom(index: IndexSets, key: string, id: string): void {
  const ids = index.get(key);
  if (ids?.delete(id) && ids.size === 0) index.delete(key);
}
