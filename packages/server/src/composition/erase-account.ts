import type { UserFactsCache } from "@echoo/accounts";
import type { Clock, SignalingControl, Store } from "@echoo/core";
import { type RecordWriter, resumeErasures, type WaitingRecordsSweep } from "@echoo/storage";
import type { Logger } from "../observability/logging.ts";
import type { CallTeller } from "../webhooks/call-teller.ts";
import type { ShutdownSteps } from "./shutdown-steps.ts";

type EraseAccount = (userId: string, replacement: string) => Promise<void>;

/**
 * Erases an account in the store and in what waits for it, once its sockets and calls have ended. The user may come
 * back with its token while the database works: that session ends as well, and what its end wrote is erased too.
 */
function accountEraser(
  live: Pick<SignalingControl, "userErased">,
  writer: Pick<RecordWriter, "erase">,
  userFacts: Pick<UserFactsCache, "erased">,
  sweep: Pick<WaitingRecordsSweep, "sweepAll"> | undefined,
  teller: Pick<CallTeller, "userErased">,
): EraseAccount {
  return async (userId, replacement) => {
    // What other nodes would store later has the number in it: stored before, it is erased with the rest.
    await sweep?.sweepAll();
    await writer.erase(userId, replacement);
    live.userErased(userId, replacement);
    await teller.userErased(userId);
    await writer.erase(userId, replacement);
    userFacts.erased(userId);
  };
}

interface ErasingDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly steps: ShutdownSteps;
  readonly live: Pick<SignalingControl, "userErased">;
  readonly writer: Pick<RecordWriter, "erase">;
  readonly userFacts: Pick<UserFactsCache, "erased">;
  /** Absent on a single node. */
  readonly sweep: Pick<WaitingRecordsSweep, "sweepAll"> | undefined;
  readonly teller: Pick<CallTeller, "userErased">;
}

/** What erases accounts; it goes on at once with those in which an earlier process died. */
export function startErasing(deps: ErasingDeps): EraseAccount {
  const { store, clock, logger, steps, live, writer, userFacts, sweep, teller } = deps;
  const erase = accountEraser(live, writer, userFacts, sweep, teller);
  const stop = resumeErasures({
    users: store.users,
    clock,
    erase,
    onErased: () => logger.info("an erasure that an earlier process had begun is whole now"),
    onFault: (err) => logger.warn({ err }, "an unfinished erasure could not go on; it is tried again"),
  });
  steps.add("erasures", stop);
  return erase;
}
