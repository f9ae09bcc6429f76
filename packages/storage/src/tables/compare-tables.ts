import { canonicalText } from "./canonical-text.ts";
import {
  type Key,
  type StoreTables,
  type Table,
  type TableEntries,
  type TableName,
  tableKinds,
  tableNames,
} from "./store-tables.ts";
import { steps, type TableChecksum, tableChecksum } from "./table-checksum.ts";

/** How many differing entries of a table are named. */
const namedDifferences = 10;

interface Difference {
  readonly key: Key;
  readonly how: "is missing in the target" | "is in the target alone" | "differs";
}

export interface TableComparison {
  readonly table: TableName;
  readonly from: TableChecksum;
  readonly to: TableChecksum;
  /** The first ones; none when the checksums are equal. */
  readonly differences: readonly Difference[];
}

/**
 * Reads both stores whole, each for itself, and compares counts and checksums. Only where they differ the entries are
 * compared one by one.
 */
export async function compareTables(
  from: StoreTables,
  to: StoreTables,
  onTable: (table: TableName) => void,
): Promise<readonly TableComparison[]> {
  const comparisons: TableComparison[] = [];
  for (const name of tableNames) {
    onTable(name);
    comparisons.push(await compareTable(name, from, to));
  }
  return comparisons;
}

export function isSame({ from, to }: TableComparison): boolean {
  return from.count === to.count && from.checksum === to.checksum;
}

async function compareTable<N extends TableName>(
  name: N,
  from: StoreTables,
  to: StoreTables,
): Promise<TableComparison> {
  const [source, target] = [from.tables[name], to.tables[name]];
  const [mine, theirs] = await Promise.all([tableChecksum(name, source), tableChecksum(name, target)]);
  const comparison = { table: name, from: mine, to: theirs, differences: [] };
  if (isSame(comparison)) return comparison;
  const differences: Difference[] = [];
  for await (const difference of differing(name, source, target)) {
    differences.push(difference);
    if (differences.length === namedDifferences) break;
  }
  return { ...comparison, differences };
}

async function* differing<N extends TableName>(
  name: N,
  source: Table<TableEntries[N]>,
  target: Table<TableEntries[N]>,
): AsyncIterable<Difference> {
  const keyOf = tableKinds[name].key;
  for await (const entries of steps(name, source)) {
    const there = await textsByKey(name, target, entries.map(keyOf));
    for (const entry of entries) {
      const key = keyOf(entry);
      const text = there.get(JSON.stringify(key));
      if (text === undefined) yield { key, how: "is missing in the target" };
      else if (text !== canonicalText(entry)) yield { key, how: "differs" };
    }
  }
  for await (const entries of steps(name, target)) {
    const there = await textsByKey(name, source, entries.map(keyOf));
    const extra = entries.map(keyOf).filter((key) => !there.has(JSON.stringify(key)));
    for (const key of extra) yield { key, how: "is in the target alone" };
  }
}

async function textsByKey<N extends TableName>(
  name: N,
  table: Table<TableEntries[N]>,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, string>> {
  const found = await table.find(keys);
  return new Map(found.map((entry) => [JSON.stringify(tableKinds[name].key(entry)), canonicalText(entry)]));
}
