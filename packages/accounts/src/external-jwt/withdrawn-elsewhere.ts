import { ClusterAway, type SharedMemory } from "@echoo/core";
import { Refusal } from "@echoo/protocol";

/** Withdrawals that the others could not be told of yet, at most; with one more the first is left out. */
export const untoldWithdrawalsMax = 10_000;

/** What other servers withdrew, and are told of. */
export interface WithdrawnElsewhere {
  /** Never rejects: what cannot be told now is told once it can be. */
  tell(name: string, rememberedMs: number): Promise<void>;
  /** For each name how long ago it was withdrawn. Refuses with `unavailable` while that cannot be known. */
  agoMs(names: readonly string[]): Promise<readonly (number | undefined)[]>;
}

export function withdrawnElsewhere(shared: Pick<SharedMemory, "withdrawals" | "onBack">): WithdrawnElsewhere {
  const untold = new Map<string, number>();

  async function tell(name: string, rememberedMs: number): Promise<void> {
    untold.set(name, rememberedMs);
    const [first] = untold.keys();
    if (untold.size > untoldWithdrawalsMax && first !== undefined) untold.delete(first);
    await shared.withdrawals.withdraw(name, rememberedMs).then(
      () => untold.delete(name),
      () => undefined,
    );
  }

  shared.onBack(() => {
    for (const [name, rememberedMs] of [...untold]) void tell(name, rememberedMs);
  });

  return {
    tell,
    async agoMs(names) {
      try {
        return await shared.withdrawals.withdrawnAgoMs(names);
      } catch (error) {
        if (error instanceof ClusterAway) throw new Refusal("unavailable", { cause: error, retryInMs: 1_000 });
        throw error;
      }
    },
  };
}
