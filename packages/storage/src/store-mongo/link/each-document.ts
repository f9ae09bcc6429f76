import type { FindCursor } from "mongodb";
import type { MongoLink } from "./mongo-link.ts";

/** Goes through what a cursor finds, one document at a time; each request that this takes has its own time limit. */
export async function eachDocument<T>(
  link: MongoLink,
  cursor: FindCursor<T>,
  visit: (document: T) => Promise<void> | void,
): Promise<void> {
  try {
    for (;;) {
      const document = await link.run(() => cursor.next());
      if (document === null) return;
      await visit(document);
    }
  } finally {
    // The database forgets it by itself where it does not answer.
    await cursor.close().catch(() => {});
  }
}
