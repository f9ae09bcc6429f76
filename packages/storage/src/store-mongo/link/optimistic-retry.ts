import { StoreUnavailable } from "@echoo/core";
import { isDuplicate } from "./mongo-fault.ts";

/** Far more than there can be rivals for one document at once. */
const mostTurns = 50;

/**
 * Repeats a change that another writer may get ahead of, until a turn succeeds and returns something. Each failed turn
 * means that another writer's succeeded.
 */
export async function retryOptimistically<T>(turn: () => Promise<T | undefined>): Promise<T> {
  for (let turns = 0; turns < mostTurns; turns++) {
    const result = await turn();
    if (result !== undefined) return result;
  }
  throw new StoreUnavailable(new Error(`others were faster ${mostTurns} times`));
}

/** Repeats an upsert while another writer makes the same document at the same time: the next turn finds it there. */
export function untilNoDuplicate<T>(upsert: () => Promise<T>): Promise<NonNullable<T>> {
  return retryOptimistically(async () => {
    try {
      return (await upsert()) ?? undefined;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  });
}
