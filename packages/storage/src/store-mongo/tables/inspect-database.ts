import type { Defect } from "../../tables/store-tables.ts";
import type { CallDocument } from "../calls/call-document.ts";
import { indexes } from "../link/indexes.ts";
import type { MongoLink } from "../link/mongo-link.ts";

/** Indexes that are missing, and parties that are in more than one of a call's lists. */
export async function inspectDatabase(link: MongoLink, limit: number): Promise<readonly Defect[]> {
  const calls = link.collection<CallDocument>("calls");
  const shared = (a: string, b: string) => ({
    $ne: [{ $setIntersection: [{ $ifNull: [`$${a}`, []] }, { $ifNull: [`$${b}`, []] }] }, []],
  });
  const lists = ["viewers", "hiddenBy", "unshownTo"] as const;
  const twice = { $or: lists.map((list, index) => shared(list, lists[(index + 1) % lists.length] ?? list)) };
  // A whole collection is looked through, which may take longer than a request of the server may.
  const found = await link.unlimited(() => calls.find({ $expr: twice }, { projection: { _id: 1 }, limit }).toArray());
  return [
    ...(await missingIndexes(link)).map((key) => ({
      what: "an index is missing",
      remedy: "run echoo store migrate, which makes it",
      key,
    })),
    ...found.map(({ _id }) => ({
      what: "a call is shown to a party and hidden from it at once",
      remedy: "hide the call once more as that party, or mend the document by hand",
      key: _id,
    })),
  ];
}

/** As collection.name. */
export async function missingIndexes(link: MongoLink): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, wanted] of Object.entries(indexes)) {
    const there = await link.run(() => indexNames(link, name));
    missing.push(...wanted.filter((each) => !there.has(each.name)).map((each) => `${name}.${each.name}`));
  }
  return missing;
}

/** The names of a collection's indexes; none where there is no such collection. */
async function indexNames(link: MongoLink, collection: string): Promise<ReadonlySet<string>> {
  try {
    const list = await link.collection(collection).indexes();
    return new Set(list.map(({ name = "" }) => name));
  } catch (error) {
    if ((error as { code?: unknown }).code === namespaceNotFound) return new Set();
    throw error;
  }
}

const namespaceNotFound = 26;
