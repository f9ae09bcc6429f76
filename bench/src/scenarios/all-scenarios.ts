import { historyBench } from "../history/history-bench.ts";
import type { Report } from "../report/report.ts";
import { calls, callsSize } from "./calls.ts";
import { relay, relaySize } from "./relay.ts";
import type { Context } from "./scenario.ts";

/** What the command line may change of a scenario's size. */
export interface Wishes {
  readonly stores: readonly string[] | undefined;
  readonly calls: number;
  readonly own: number;
  readonly requests: number;
}

/** Every scenario by its name on the command line, in the order of a whole run. */
export const scenarios: Readonly<Record<string, (context: Context, wishes: Wishes) => Promise<Report>>> = {
  relay: (context) => relay(context, relaySize),
  calls: (context) => calls(context, callsSize),
  history: ({ rounds, say }, wishes) => historyBench({ ...wishes, rounds, say }),
};
