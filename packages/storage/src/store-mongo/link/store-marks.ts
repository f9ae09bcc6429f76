import { StoreRefused } from "@echoo/core";
import type { Db } from "mongodb";
import type { CopyMark } from "../../tables/store-tables.ts";
import { isDuplicate } from "./mongo-fault.ts";
import type { MongoLink } from "./mongo-link.ts";

/** What the documents of this program look like. It rises with each change that an older program would misread. */
const knownVersion = 1;

const name = "meta";

interface SchemaDocument {
  readonly _id: "schema";
  readonly version: number;
}

interface CopyDocument extends CopyMark {
  readonly _id: "copy";
}

export interface AdmissionRules {
  /** Leaves no mark where there is none, and migrates nothing. */
  readonly asItIs: boolean;
  /** Takes an older schema as it is, for callers that only ask which one it is. */
  readonly outdated: boolean;
  readonly unfinished: boolean;
}

/** Refuses a database that a newer program has written, or into which a copy is unfinished; marks one that is new. */
export async function requireKnown(db: Db, { asItIs, outdated, unfinished }: AdmissionRules): Promise<void> {
  const found = await (asItIs ? readVersion(db) : raiseVersion(db));
  const place = `the database '${db.databaseName}'`;
  if (found !== undefined && !(found <= knownVersion)) {
    throw new StoreRefused(
      `${place} was written by a newer version of Echoo (its schema is ${found}, this program knows ${knownVersion}).` +
        " Run that version, or use another database: ECHOO_DB names it",
    );
  }
  if (!outdated && found !== undefined && found < knownVersion) {
    throw new StoreRefused(
      `${place} has the schema ${found} of an older version of Echoo, and this program needs ${knownVersion}.` +
        " Run echoo store migrate first",
    );
  }
  const copy = unfinished ? null : await db.collection<CopyDocument>(name).findOne({ _id: "copy" });
  if (copy !== null) {
    throw new StoreRefused(
      `${place} holds a part of what is copied from ${copy.from}. Finish it: run the same echoo store copy again`,
    );
  }
}

async function readVersion(db: Db): Promise<number | undefined> {
  return (await db.collection<SchemaDocument>(name).findOne({ _id: "schema" }))?.version;
}

/** In one step, so that of several nodes that start at once none can pass a newer one's mark by. */
async function raiseVersion(db: Db): Promise<number | undefined> {
  const marks = db.collection<SchemaDocument>(name);
  const raise = () =>
    marks.findOneAndUpdate(
      { _id: "schema" },
      { $max: { version: knownVersion } },
      { upsert: true, returnDocument: "after" },
    );
  // Of two that make it at once one fails, and finds it there the next time.
  const mark = await raise().catch((error: unknown) => (isDuplicate(error) ? raise() : Promise.reject(error)));
  return mark?.version;
}

export function readSchemaVersion(link: MongoLink): Promise<number | undefined> {
  const marks = link.collection<SchemaDocument>(name);
  return link.run(async () => (await marks.findOne({ _id: "schema" }))?.version);
}

export async function readCopyMark(link: MongoLink): Promise<CopyMark | undefined> {
  const found = await link.run(() => link.collection<CopyDocument>(name).findOne({ _id: "copy" }));
  if (found === null) return undefined;
  const { _id, ...mark } = found;
  return mark;
}

export async function writeCopyMark(link: MongoLink, mark: CopyMark | undefined): Promise<void> {
  const marks = link.collection<CopyDocument>(name);
  await link.run<unknown>(() =>
    mark === undefined
      ? marks.deleteOne({ _id: "copy" })
      : marks.replaceOne({ _id: "copy" }, { ...mark, _id: "copy" } as CopyDocument, { upsert: true }),
  );
}
