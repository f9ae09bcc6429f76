import type { Accounts } from "@echoo/accounts";
import type { Store } from "@echoo/core";
import type { Caller } from "./authenticate.ts";
import type { RequestContext } from "./request-context.ts";

interface DetailDeps {
  readonly accounts: Pick<Accounts, "openAccess">;
  readonly store: Pick<Store, "users">;
}

/**
 * Whether a client may know more of the server than that it runs: an administrator, a program of the operator, and whom
 * open access covers. How many are online tells others who is, with a block or a hidden presence between them.
 */
export async function seesDetails(
  { accounts, store }: DetailDeps,
  caller: Caller,
  { facts }: Pick<RequestContext, "facts">,
): Promise<boolean> {
  if (caller.kind === "operator" || accounts.openAccess.coverage(facts).covered) return true;
  if (caller.kind !== "user") return false;
  return (await store.users.find(caller.userId).catch(() => undefined))?.admin === true;
}
