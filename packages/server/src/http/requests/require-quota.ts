import type { Accounts } from "@echoo/accounts";

export interface StrangerDeps {
  readonly accounts: Pick<Accounts, "userFacts" | "strangerQuota">;
}

/** Refuses with rate_limited a user who asked about too many strangers today. Their contacts are no strangers. */
export async function requireQuota({ accounts }: StrangerDeps, asker: string, about: string): Promise<void> {
  const facts = await accounts.userFacts.load(asker);
  if (!facts?.contacts.has(about)) await accounts.strangerQuota.requireRoom(asker, about);
}
