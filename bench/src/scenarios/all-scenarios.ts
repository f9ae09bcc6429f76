import { historyBench } from "../history/history-bench.ts";
import type { Report } from "../report/report.ts";
import { calls, callsSize } from "./calls.ts";
import { idle, idleSize } from "./idle.ts";
import { join, joinSize } from "./join.ts";
import { kill, killSize } from "./kill.ts";
import { mixed, mixedSize } from "./mixed.ts";
import { nodes, nodesSize } from "./nodes.ts";
import { offers, offersSize } from "./offers.ts";
import { presence, presenceSize } from "./presence.ts";
import { qualityOverTime, qualitySize } from "./quality-over-time.ts";
import { reads, readsSize } from "./reads.ts";
import { relay, relaySize } from "./relay.ts";
import { relayGrowth, relayGrowthSize } from "./relay-growth.ts";
import type { Context } from "./scenario.ts";
import { start } from "./start.ts";
import { statistics, statisticsSize } from "./statistics.ts";
import { storm, stormSize } from "./storm.ts";

/** What the command line may change of a scenario's size. */
export interface Wishes {
  readonly stores: readonly string[] | undefined;
  readonly calls: number;
  readonly own: number;
  readonly requests: number;
  /** How long the mixed day lasts. */
  readonly minutes: number;
  /** The sizes that something grows through: users, offers or calls. */
  readonly sizes: readonly number[] | undefined;
}

/** Every scenario by its name on the command line, in the order of a whole run. */
export const scenarios: Readonly<Record<string, (context: Context, wishes: Wishes) => Promise<Report>>> = {
  relay: (context) => relay(context, relaySize),
  "relay-growth": (context, { sizes = relayGrowthSize.users }) =>
    relayGrowth(context, { ...relayGrowthSize, users: sizes }),
  calls: (context) => calls(context, callsSize),
  join: (context, { sizes = joinSize.users }) => join(context, { ...joinSize, users: sizes }),
  idle: (context, { sizes = idleSize.users }) => idle(context, { ...idleSize, users: sizes }),
  presence: (context, { sizes = presenceSize.users }) => presence(context, { ...presenceSize, users: sizes }),
  statistics: (context) => statistics(context, statisticsSize),
  offers: (context, { sizes = offersSize.offers }) => offers(context, { offers: sizes }),
  kill: (context, { sizes = killSize.calls }) => kill(context, { calls: sizes }),
  storm: (context, { sizes }) => storm(context, { ...stormSize, users: sizes?.at(-1) ?? stormSize.users }),
  reads: (context) => reads(context, readsSize),
  nodes: (context) => nodes(context, nodesSize),
  quality: (context) => qualityOverTime(context, qualitySize),
  start: (context) => start(context, undefined),
  mixed: (context, { minutes }) => mixed(context, { ...mixedSize, minutes }),
  history: ({ rounds, say }, wishes) => historyBench({ ...wishes, rounds, say }),
};
