import type { Live } from "@echoo/core";
import type { PeopleCache } from "./accounts/people.ts";
import type { RecordWriter } from "./records/record-writer.ts";

/**
 * Erases an account in the store and in what waits for it, once its sockets and calls have ended. Somebody may come
 * back with its token while the database works: that session ends as well, and what its end wrote is erased too.
 */
export function accountEraser(
  live: Pick<Live, "userErased">,
  writer: Pick<RecordWriter, "erase">,
  people: Pick<PeopleCache, "erased">,
) {
  return async (userId: string, replacement: string): Promise<void> => {
    await writer.erase(userId, replacement);
    live.userErased(userId, replacement);
    await writer.erase(userId, replacement);
    people.erased(userId);
  };
}
