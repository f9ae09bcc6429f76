import { createHash } from "node:crypto";
import { canonicalText } from "./canonical-text.ts";
import { type Table, type TableEntries, type TableName, tableKinds } from "./store-tables.ts";

export interface TableChecksum {
  readonly count: number;
  /** 32 hexadecimal digits. */
  readonly checksum: string;
}

const modulus = 1n << 128n;

/** The first 128 bits of the SHA-256 of an entry's canonical text. */
function entryHash(entry: unknown): bigint {
  const digest = createHash("sha256").update(canonicalText(entry)).digest();
  return (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8);
}

/** Counts the table and sums the hashes of its entries: the order in which a store returns them makes no difference. */
export async function tableChecksum<N extends TableName>(
  name: N,
  table: Table<TableEntries[N]>,
  onRead: (entries: number) => void = () => {},
): Promise<TableChecksum> {
  let [count, sum] = [0, 0n];
  for await (const entries of steps(name, table)) {
    for (const entry of entries) sum = (sum + entryHash(entry)) % modulus;
    count += entries.length;
    onRead(entries.length);
  }
  return { count, checksum: sum.toString(16).padStart(32, "0") };
}

/** The whole table, a step at a time. */
export async function* steps<N extends TableName>(
  name: N,
  table: Table<TableEntries[N]>,
): AsyncIterable<readonly TableEntries[N][]> {
  let from: string | undefined;
  do {
    const { entries, next } = await table.read(from, tableKinds[name].perStep);
    yield entries;
    from = next;
  } while (from !== undefined);
}
