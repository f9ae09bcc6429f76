import { setTimeout as delay } from "node:timers/promises";
import { crowd, cutAll } from "../load/crowd.ts";
import type { User } from "../load/user.ts";
import { makeCertificate } from "../servers/certificate.ts";
import { peerServer } from "../servers/peer-server.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { socketIo } from "../servers/socket-io.ts";
import { at, figureAt, growthChart, growthRows } from "./growth.ts";
import { afresh, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface IdleSize {
  readonly users: readonly number[];
  /** How long the largest crowd is watched doing nothing: twice the time between two pings. */
  readonly seconds: number;
}

export const idleSize: IdleSize = { users: [1_000, 3_000, 9_000], seconds: 30 };

const warmUp = 200;
const warmUpFrom = 900_000;

/** What a connection costs that says nothing, in memory and in signs of life. */
export const idle: Scenario<IdleSize> = async (context, { users: sizes, seconds }) => {
  const certificate = await makeCertificate();
  try {
    const subjects = compared(context, [
      rawRelay(),
      measuredEchoo(context),
      peerServer(),
      socketIo(),
      { ...rawRelay(certificate.env), name: "raw relay, TLS" },
      measuredEchoo(context, certificate.env, "Echoo, TLS"),
    ]);
    const most = sizes.at(-1) ?? 0;
    const medians = await afresh(context, subjects, async (server): Promise<Figures> => {
      cutAll(await crowd(server, warmUp, warmUpFrom));
      await server.quiet();
      const empty = (await server.probe.memory()).rss;
      const users: User[] = [];
      const figures: Record<string, number> = {};
      for (const size of sizes) {
        users.push(...(await crowd(server, size - users.length, users.length)));
        await server.quiet();
        figures[at("kib", size)] = ((await server.probe.memory()).rss - empty) / size / 1024;
      }
      const { cpuMs, wallMs } = await server.measure("pings", () => delay(seconds * 1000));
      figures[at("corePercent", most)] = (cpuMs / wallMs) * 100;
      cutAll(users);
      return figures;
    });
    return {
      name: "idle",
      title: "Idle connections",
      method: [
        "Users that joined and say nothing. Memory is what the process holds in RAM after a collection, less what it held without them, for each. The CPU is that of signs of life, over " +
          `${seconds} s: Echoo pings each connection every 15 s, Socket.IO every 25 s; the raw relay and PeerServer do not.`,
        `Medians of ${context.rounds} rounds, each with new servers.`,
      ],
      columns: ["server", "users", "memory each", "of one core"],
      rows: growthRows(medians, sizes, [
        ["kib", " KiB"],
        ["corePercent", " %"],
      ]),
      verdicts: [
        { what: "memory of one connection", figure: figureAt(medians, "Echoo", "kib", most), limit: 12, unit: " KiB" },
        { what: "pings, of one core", figure: figureAt(medians, "Echoo", "corePercent", most), limit: 3, unit: " %" },
      ],
      charts: [growthChart("Memory of an idle connection", " KiB", "users", medians, sizes, "kib")],
      versions: versionsOf(subjects),
      data: Object.fromEntries(medians),
    };
  } finally {
    certificate.remove();
  }
};
