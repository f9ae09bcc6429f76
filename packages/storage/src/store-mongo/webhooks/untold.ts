import type { PushDevice, User } from "@echoo/core";

/**
 * A document has a mark for as long as what became of it was not told: a process may die between the two. Who tells the
 * rest later tells the same once more, which changes nothing.
 */
export interface Untold {
  /** False where nothing is told of accounts and devices. */
  readonly isTelling: boolean;
  userCreated(user: Pick<User, "id" | "createdAtMs" | "proof">): Promise<void>;
  deviceGone(device: PushDevice): Promise<void>;
}
