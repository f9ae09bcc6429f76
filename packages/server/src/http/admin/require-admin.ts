import type { Store } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { tokenOf } from "../requests/acting-user.ts";
import type { Caller } from "../requests/authenticate.ts";

/** Refuses with `forbidden` whoever is no administrator now, whatever they were when their token was made. */
export async function requireAdmin(store: Pick<Store, "users">, caller: Caller): Promise<void> {
  const { userId } = tokenOf(caller);
  const user = await store.users.find(userId);
  if (!user?.admin) throw new Refusal("forbidden", { message: "This is for administrators." });
}
