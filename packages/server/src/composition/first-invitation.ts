import type { MadeInvitation } from "@echoo/accounts";
import { type Clock, type Store, StoreUnavailable } from "@echoo/core";

const askAgainMs = 5_000;

interface FirstInvitationDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly make: () => MadeInvitation;
  /** Told once, and only where there is no administrator. */
  readonly show: (invitation: MadeInvitation) => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * Gives out the administrator's invitation once it is known that there is no administrator: at once, or when a
 * database that was away comes back. The result ends the asking.
 */
export function showFirstInvitation({ store, clock, make, show, onFault }: FirstInvitationDeps): () => void {
  let cancel = () => {};
  let isOver = false;

  async function ask(): Promise<void> {
    try {
      const hasAdmin = await store.users.hasAdmin();
      if (!isOver && !hasAdmin) show(make());
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) onFault(error);
      else if (!isOver) cancel = clock.after(askAgainMs, () => void ask());
    }
  }

  void ask();
  return () => {
    isOver = true;
    cancel();
  };
}
