import type { AnyBulkWriteOperation, Collection, Filter } from "mongodb";
import type { Key, Table } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { upsertAll } from "../link/upsert-all.ts";

interface Keyed {
  readonly _id: string;
}

/** How a collection becomes entries, and the other way round. */
export interface MongoTableSpec<D extends Keyed, T> {
  readonly collection: Collection<D>;
  /** A condition that every entry meets. */
  readonly living?: Filter<D>;
  readonly idOf: (key: Key) => string;
  readonly toEntry: (document: D) => T;
  readonly toDocument: (entry: T) => D;
  /** About how long its texts are. */
  readonly chars: (document: D) => number;
}

export function mongoTable<D extends Keyed, T>(link: MongoLink, spec: MongoTableSpec<D, T>): Table<T> {
  const { collection, living = {}, idOf, toEntry, toDocument, chars } = spec;
  const select = (condition: object) => collection.find({ $and: [living, condition] } as Filter<D>);

  return {
    count: () => link.run(() => collection.estimatedDocumentCount()),
    async read(from, limit) {
      const condition = from === undefined ? {} : { _id: { $gt: from } };
      const found = await link.run(() => select(condition).sort({ _id: 1 }).limit(limit).toArray());
      const documents = found as unknown as readonly D[];
      const entries = documents.map((document) => toEntry(withoutNulls(document)));
      const last = documents.at(-1);
      return documents.length < limit || last === undefined ? { entries } : { entries, next: last._id };
    },
    async find(keys) {
      const found = await link.run(() => select({ _id: { $in: keys.map(idOf) } }).toArray());
      return (found as unknown as readonly D[]).map((document) => toEntry(withoutNulls(document)));
    },
    async put(entries) {
      const writes = entries.map((entry) => {
        const { _id, ...replacement } = toDocument(entry);
        const write = { replaceOne: { filter: { _id }, replacement, upsert: true } };
        return { write: write as unknown as AnyBulkWriteOperation<D>, chars: chars({ _id, ...replacement } as D) };
      });
      await upsertAll(link, collection, writes);
    },
    async clear() {
      await link.unlimited(() => collection.deleteMany({}));
    },
  };
}

/** Null and absent mean the same in what other tools wrote. */
function withoutNulls<D extends object>(document: D): D {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null)) as D;
}
