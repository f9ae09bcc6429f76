import type { AnyBulkWriteOperation, Collection, Document } from "mongodb";
import { isDuplicatesAlone } from "./mongo-fault.ts";
import type { MongoLink } from "./mongo-link.ts";

/** How much is written in one request, so that each stays well below the time limit. */
const writesPerRequest = 100;
const charsPerRequest = 4 * 1024 * 1024;

/** A write, and about how long its texts are. */
export interface SizedWrite<T extends Document> {
  readonly write: AnyBulkWriteOperation<T>;
  readonly chars: number;
}

/**
 * Runs the writes and tells the positions of those that made a document. That of two upserts of the same key at once one
 * fails says only that the document is there.
 */
export async function upsertAll<T extends Document>(
  link: MongoLink,
  collection: Collection<T>,
  writes: readonly SizedWrite<T>[],
): Promise<ReadonlySet<number>> {
  const created = new Set<number>();
  let from = 0;
  for (const group of requests(writes)) {
    const upserted = await link.run(() => upsertGroup(collection, group));
    for (const position of Object.keys(upserted)) created.add(from + Number(position));
    from += group.length;
  }
  return created;
}

function* requests<T extends Document>(writes: readonly SizedWrite<T>[]): Iterable<AnyBulkWriteOperation<T>[]> {
  let group: AnyBulkWriteOperation<T>[] = [];
  let chars = 0;
  for (const next of writes) {
    if (group.length > 0 && (group.length === writesPerRequest || chars + next.chars > charsPerRequest)) {
      yield group;
      group = [];
      chars = 0;
    }
    group.push(next.write);
    chars += next.chars;
  }
  if (group.length > 0) yield group;
}

async function upsertGroup<T extends Document>(
  collection: Collection<T>,
  writes: AnyBulkWriteOperation<T>[],
): Promise<Readonly<Record<number, unknown>>> {
  try {
    return (await collection.bulkWrite(writes, { ordered: false })).upsertedIds;
  } catch (error) {
    if (isDuplicatesAlone(error)) return error.result.upsertedIds;
    throw error;
  }
}
