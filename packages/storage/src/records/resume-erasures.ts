import type { Clock, Store } from "@echoo/core";

/** How long to wait where the store is away. */
const retryMs = 10_000;

export interface ResumeErasuresOptions {
  readonly users: Pick<Store["users"], "unfinishedErasures">;
  readonly clock: Clock;
  readonly erase: (userId: string, replacement: string) => Promise<void>;
  /** An erasure that an earlier process had begun is whole now. */
  readonly onErased: () => void;
  /** It is tried again. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Goes on with the erasures in which an earlier process died: the user who asked for one has no token any more to ask
 * again. Another node may be at the same one, which does no harm. Gives the function that stops it after the one under
 * way.
 */
export function resumeErasures({ users, clock, erase, onErased, onFault }: ResumeErasuresOptions): () => void {
  let isStopped = false;
  let cancel = () => {};

  async function eraseAll(): Promise<void> {
    while (!isStopped) {
      const [next] = await users.unfinishedErasures(1);
      if (next === undefined) return;
      await erase(next.userId, next.replacement);
      onErased();
    }
  }

  async function attempt(): Promise<void> {
    try {
      await eraseAll();
    } catch (error) {
      if (isStopped) return;
      onFault(error);
      cancel = clock.after(retryMs, () => void attempt());
    }
  }

  void attempt();
  return () => {
    isStopped = true;
    cancel();
  };
}
