import type { Caller } from "./authenticate.ts";
import type { HttpDeps } from "./http-deps.ts";
import type { RequestContext } from "./request-context.ts";

/** Whether somebody may know more of the server than that it runs: an administrator, and whom open access covers. */
export async function seesDetails(
  { accounts, store }: Pick<HttpDeps, "accounts" | "store">,
  caller: Caller,
  { facts }: Pick<RequestContext, "facts">,
): Promise<boolean> {
  if (caller.kind !== "user") return accounts.openAccess.coverage(facts).covered;
  return (await store.users.find(caller.userId).catch(() => undefined))?.admin === true;
}
