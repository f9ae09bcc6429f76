import { type StoreTables, tableNames } from "@echoo/storage";
import { canonicalText, steps, tableKinds } from "@echoo/storage/testing";

/** Everything in a store, in one order and as text. */
export async function dumpTables({ tables }: StoreTables): Promise<string> {
  const lines: string[] = [];
  for (const name of tableNames) {
    for await (const entries of steps(name, tables[name])) {
      for (const entry of entries) {
        const key = (tableKinds[name].key as (entry: unknown) => readonly string[])(entry);
        lines.push(`${name} ${JSON.stringify(key)} ${canonicalText(entry)}`);
      }
    }
  }
  return lines.sort().join("\n");
}
