import { crowd, cutAll } from "../load/crowd.ts";
import type { User } from "../load/user.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { at, figureAt, growthChart, growthOf, growthRows } from "./growth.ts";
import { afresh, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface JoinSize {
  readonly users: readonly number[];
  /** The last of them to come, whose joins are measured. */
  readonly batch: number;
}

export const joinSize: JoinSize = { users: [1_000, 3_000, 9_000], batch: 500 };

const warmUp = 100;
/** Numbers that no measured user has. */
const warmUpFrom = 900_000;

/** What it costs that one more user comes online, however many there are. */
export const join: Scenario<JoinSize> = async (context, { users: sizes, batch }) => {
  const subjects = compared(context, [rawRelay(), measuredEchoo(context)]);
  const medians = await afresh(context, subjects, async (server): Promise<Figures> => {
    cutAll(await crowd(server, warmUp, warmUpFrom));
    const users: User[] = [];
    const figures: Record<string, number> = {};
    for (const size of sizes) {
      users.push(...(await crowd(server, size - batch - users.length, users.length)));
      await server.quiet();
      const before = receivedBy(users);
      const { cpuMs } = await server.measure(`at-${size}`, async () => {
        users.push(...(await crowd(server, batch, users.length)));
      });
      figures[at("cpuUs", size)] = (cpuMs * 1000) / batch;
      figures[at("bytes", size)] = (receivedBy(users) - before) / batch;
    }
    cutAll(users);
    return figures;
  });
  const times = sizes.map(
    (size) => figureAt(medians, "Echoo", "cpuUs", size) / figureAt(medians, "raw relay", "cpuUs", size),
  );
  return {
    name: "join",
    title: "Coming online",
    method: [
      `Users connect and join until so many are there; measured are the last ${batch} of them: CPU of the server's process for each, and the bytes that all sockets together received for each.`,
      `Medians of ${context.rounds} rounds, each with new servers.`,
    ],
    columns: ["server", "users", "CPU a join", "bytes a join"],
    rows: growthRows(medians, sizes, [
      ["cpuUs", " µs"],
      ["bytes", ""],
    ]),
    verdicts: [
      {
        what: "CPU a join, largest against smallest",
        figure: growthOf(medians, "Echoo", "cpuUs", sizes),
        limit: 1.25,
        unit: " ×",
      },
      { what: "CPU a join against the raw relay, the worst size", figure: Math.max(...times), limit: 2, unit: " ×" },
      {
        what: "bytes a join, largest against smallest",
        figure: growthOf(medians, "Echoo", "bytes", sizes),
        limit: 1.05,
        unit: " ×",
      },
    ],
    charts: [growthChart("CPU a join", " µs", "users", medians, sizes, "cpuUs")],
    versions: versionsOf(subjects),
    data: Object.fromEntries(medians),
  };
};

function receivedBy(users: readonly User[]): number {
  return users.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
}
