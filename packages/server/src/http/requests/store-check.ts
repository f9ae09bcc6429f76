import type { Store } from "@echoo/core";

/** Whether the database answers. Requests that come while it is asked share its answer: a flood of them is one question. */
export function createStoreCheck(store: Pick<Store, "ping">): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  return () => {
    asking ??= store
      .ping()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
}
