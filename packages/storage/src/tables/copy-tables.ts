import { type CopyMark, type StoreTables, type TableName, tableKinds, tableNames } from "./store-tables.ts";

export interface CopyProgress {
  /** A table begins. `total` is about how many entries it has, `copied` how many an earlier run has brought over. */
  begin(table: TableName, total: number): void;
  advance(table: TableName, entries: number): void;
  end(table: TableName): void;
}

export interface CopyOptions {
  readonly from: StoreTables;
  readonly to: StoreTables;
  /** What the mark in the target says, and must say when a copy goes on. */
  readonly fromName: string;
  readonly progress: CopyProgress;
}

/**
 * Copies table by table, and goes on after the last step that an earlier run finished. A step that was written but not
 * noted is written once more, which changes nothing. The mark stays: it goes once the copy is verified.
 */
export async function copyTables({ from, to, fromName, progress }: CopyOptions): Promise<void> {
  let mark: CopyMark = (await to.readCopyMark()) ?? { from: fromName, doneTables: [] };
  // Before the first entry, so that a store with a part of another's data is never without it.
  await to.writeCopyMark(mark);
  for (const name of tableNames) {
    if (mark.doneTables.includes(name)) continue;
    await copyTable(name, { from, to, fromName, progress }, mark);
    mark = { from: fromName, doneTables: [...mark.doneTables, name] };
    await to.writeCopyMark(mark);
  }
}

async function copyTable<N extends TableName>(name: N, options: CopyOptions, mark: CopyMark): Promise<void> {
  const { from, to, progress } = options;
  const [source, target] = [from.tables[name], to.tables[name]];
  const { perStep } = tableKinds[name];
  progress.begin(name, await source.count());
  if (mark.next !== undefined) progress.advance(name, await target.count());
  let position = mark.next;
  do {
    const { entries, next } = await source.read(position, perStep);
    await target.put(entries);
    progress.advance(name, entries.length);
    position = next;
    if (next !== undefined) await to.writeCopyMark({ ...mark, next });
  } while (position !== undefined);
  progress.end(name);
}

/** The tables that have anything in them. */
export async function filledTables({ tables }: StoreTables): Promise<readonly TableName[]> {
  const filled = await Promise.all(
    tableNames.map(async (name) => ((await tables[name].read(undefined, 1)).entries.length > 0 ? name : undefined)),
  );
  return filled.filter((name) => name !== undefined);
}
