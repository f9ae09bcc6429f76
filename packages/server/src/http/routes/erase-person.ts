import type { Accounts } from "@echoo/accounts";
import type { Ids, SignalingControl } from "@echoo/core";

export interface EraseDeps {
  readonly accounts: Pick<Accounts, "credentials" | "userFacts">;
  readonly live: Pick<SignalingControl, "userErased">;
  readonly ids: Pick<Ids, "erasedUserId">;
  /** Erases an account from the store and from what still waits for it. */
  readonly eraseUser: (userId: string, replacement: string) => Promise<void>;
}

/** Erases an account, its own user's doing or an administrator's. */
export async function erasePerson({ accounts, live, ids, eraseUser }: EraseDeps, userId: string): Promise<void> {
  const replacement = ids.erasedUserId();
  // Before anything else: should the process die while it erases, no earlier token makes the account anew.
  await accounts.credentials.erasing(userId);
  // Then the calls under way: ending them still writes records, which the erasing then finds.
  live.userErased(userId, replacement);
  await eraseUser(userId, replacement);
  await accounts.userFacts.refresh(userId);
}
