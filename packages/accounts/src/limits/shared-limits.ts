import { ClusterAway, type SharedLimits } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import type { MakeLimit } from "./limit.ts";

const retryInMs = 1_000;

/**
 * Limits that several servers count together. Each counts for itself as well: while the place of their counts is away
 * it goes on from what it has allowed itself, or refuses, as the rule has it.
 */
export function sharedLimits(shared: SharedLimits, alone: MakeLimit): MakeLimit {
  return (rule) => {
    const own = alone(rule);

    async function either<T>(together: Promise<T>, instead: () => Promise<T>): Promise<T> {
      try {
        return await together;
      } catch (error) {
        if (!(error instanceof ClusterAway)) throw error;
        if (rule.whileAway === "refuse") throw new Refusal("unavailable", { cause: error, retryInMs });
        return instead();
      }
    }

    return {
      count: (key) =>
        either(
          shared.look(rule, key).then(({ count }) => count),
          () => own.count(key),
        ),
      waitMs: (key) =>
        either(
          shared.look(rule, key).then(({ waitMs }) => waitMs),
          () => own.waitMs(key),
        ),
      async take(key) {
        let isCounted = false;
        const waitMs = await either(shared.take(rule, key), () => {
          isCounted = true;
          return own.take(key);
        });
        if (waitMs === 0 && !isCounted) await own.take(key);
        return waitMs;
      },
      async giveBack(key) {
        await own.giveBack(key);
        // What cannot be given back counts until its window is over.
        await shared.giveBack(rule, key).catch(() => undefined);
      },
    };
  };
}
