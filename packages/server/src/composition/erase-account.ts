import type { UserFactsCache } from "@echoo/accounts";
import type { SignalingControl } from "@echoo/core";
import type { RecordWriter } from "@echoo/storage";

/**
 * Erases an account in the store and in what waits for it, once its sockets and calls have ended. Somebody may come
 * back with its token while the database works: that session ends as well, and what its end wrote is erased too.
 */
export function accountEraser(
  live: Pick<SignalingControl, "userErased">,
  writer: Pick<RecordWriter, "erase">,
  userFacts: Pick<UserFactsCache, "erased">,
) {
  return async (userId: string, replacement: string): Promise<void> => {
    await writer.erase(userId, replacement);
    live.userErased(userId, replacement);
    await writer.erase(userId, replacement);
    userFacts.erased(userId);
  };
}
