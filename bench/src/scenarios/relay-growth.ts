import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import { Latencies } from "../load/latencies.ts";
import type { User } from "../load/user.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { at, growthChart, growthOf, growthRows } from "./growth.ts";
import { afresh, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface RelayGrowthSize {
  readonly users: readonly number[];
  /** Calls that are connected; the others only are there. */
  readonly pairs: number;
  readonly bursts: number;
}

export const relayGrowthSize: RelayGrowthSize = { users: [1_000, 3_000, 9_000], pairs: 20, bursts: 200 };

const burst = 8;

/** What a relayed candidate costs, however many others are online. */
export const relayGrowth: Scenario<RelayGrowthSize> = async (context, size) => {
  const { users: sizes, pairs: talking, bursts } = size;
  const subjects = compared(context, [rawRelay(), measuredEchoo(context)]);
  const medians = await afresh(context, subjects, async (server): Promise<Figures> => {
    const users: User[] = await crowd(server, talking * 2);
    const calls = pairs(users).map(([caller, callee]) => new LoadCall(caller, callee));
    await inParallel(calls, talking, (call) => call.setUp());
    for (const call of calls) call.connected();
    const exchange = (times: number, tell?: (ms: number) => void) =>
      inParallel(calls, talking, (call) => call.exchange(times, tell));
    await exchange(bursts);
    const figures: Record<string, number> = {};
    for (const count of sizes) {
      users.push(...(await crowd(server, count - users.length, users.length)));
      await server.quiet();
      const took = new Latencies();
      const { cpuMs } = await server.measure(`at-${count}`, () => exchange(bursts, (ms) => took.add(ms)));
      figures[at("cpuUs", count)] = (cpuMs * 1000) / (talking * bursts * burst * 2);
      figures[at("p99Ms", count)] = took.at(99);
    }
    cutAll(users);
    return figures;
  });
  return {
    name: "relay-growth",
    title: "Relay while others are online",
    method: [
      `${talking} calls exchange candidates in bursts of eight each way, while more and more others are online and say nothing. CPU is that of the server's process for each message.`,
      `Medians of ${context.rounds} rounds, each with new servers.`,
    ],
    columns: ["server", "users", "CPU a message", "p99 of a burst"],
    rows: growthRows(medians, sizes, [
      ["cpuUs", " µs"],
      ["p99Ms", " ms"],
    ]),
    verdicts: [
      {
        what: "CPU a message, largest against smallest",
        figure: growthOf(medians, "Echoo", "cpuUs", sizes),
        limit: 1.25,
        unit: " ×",
      },
    ],
    charts: [growthChart("CPU a message", " µs", "users", medians, sizes, "cpuUs")],
    versions: versionsOf(subjects),
    data: Object.fromEntries(medians),
  };
};
