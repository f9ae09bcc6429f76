import { isSame, type TableComparison } from "@echoo/storage";

/** A line for each table, and below it what differs. */
export function comparisonLines(comparisons: readonly TableComparison[]): readonly string[] {
  const rows = comparisons.flatMap((comparison) => {
    const { table, from, to, differences } = comparison;
    const name = table.padEnd(12);
    if (isSame(comparison)) return [`${name} ${String(from.count).padStart(9)}  ${from.checksum}  the same`];
    return [
      `${name} ${String(from.count).padStart(9)}  ${from.checksum}  in the source`,
      `${name} ${String(to.count).padStart(9)}  ${to.checksum}  in the target`,
      ...differences.map(({ key, how }) => `  ${table} ${key.map((part) => JSON.stringify(part)).join(" ")} ${how}`),
    ];
  });
  const differing = comparisons.filter((comparison) => !isSame(comparison)).map(({ table }) => table);
  const verdict = differing.length === 0 ? "Both hold the same." : `They differ in ${differing.join(", ")}.`;
  return [...rows, verdict];
}
