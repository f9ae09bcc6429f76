import { arrive, Pool } from "./arrivals.ts";
import { wholeCall } from "./call.ts";
import { Latencies } from "./latencies.ts";
import type { User } from "./user.ts";

export interface PacedCalls {
  readonly setUp: Latencies;
  /** Calls that found no pair of users free: the server was too far behind. */
  readonly unplaced: number;
}

/** Whole calls that arrive at random, whatever the server makes of them; throws the first fault once all are over. */
export async function pacedCalls(
  couples: readonly [User, User][],
  perSec: number,
  seconds: number,
): Promise<PacedCalls> {
  const setUp = new Latencies();
  const faults: unknown[] = [];
  const pool = new Pool(couples);
  let unplaced = 0;
  await arrive(perSec, seconds, () => {
    const placed = pool.use(
      async ([caller, callee]) => setUp.add(await wholeCall(caller, callee)),
      (error) => faults.push(error),
    );
    if (!placed) unplaced += 1;
  });
  await pool.idle();
  if (faults.length > 0) throw faults[0];
  return { setUp, unplaced };
}
