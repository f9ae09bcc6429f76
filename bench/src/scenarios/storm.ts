import { setTimeout as delay } from "node:timers/promises";
import { defaultReconnectPolicy } from "@echoo/client";
import { seededRandom } from "@echoo/testkit";
import { crowd, cutAll, pairs } from "../load/crowd.ts";
import { pacedCalls } from "../load/paced-calls.ts";
import type { User } from "../load/user.ts";
import { figureText } from "../report/verdict.ts";
import { afresh, type Figures } from "./rounds.ts";
import { measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface StormSize {
  readonly users: number;
  /** Those who stay connected, and call each other all the while. */
  readonly witnessPairs: number;
  readonly callsPerSec: number;
  /** How long they are watched before, and from the cut on. */
  readonly seconds: number;
}

export const stormSize: StormSize = { users: 9_000, witnessPairs: 50, callsPerSec: 20, seconds: 10 };

/** For so long a lost session can be resumed, and an answered call waits. */
const resumeSec = 45;

/** All sockets of a node are cut at once, and their clients come back as the SDK does. */
export const storm: Scenario<StormSize> = async (context, size) => {
  const subject = measuredEchoo(context);
  const medians = await afresh(context, [subject], async (server): Promise<Figures> => {
    const witnesses = await crowd(server, size.witnessPairs * 2);
    const users = await crowd(server, size.users, witnesses.length);
    const watch = () => pacedCalls(pairs(witnesses), size.callsPerSec, size.seconds);
    await watch();
    const before = await watch();
    const { cpuMs, value } = await server.measure("storm", async () => {
      const watched = watch();
      const back = comeBack(users);
      return { ...(await back), during: await watched };
    });
    const bytes = users.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
    cutAll([...witnesses, ...users]);
    return {
      backSec: value.backMs / 1000,
      notResumed: value.notResumed,
      cpuUs: (cpuMs * 1000) / size.users,
      bytes: bytes / size.users,
      p99BeforeMs: before.setUp.at(99),
      p99DuringMs: value.during.setUp.at(99),
    };
  });
  const figures = medians.get("Echoo") ?? {};
  const of = (name: string) => figures[name] ?? Number.NaN;
  return {
    name: "storm",
    title: "Reconnect storm",
    method: [
      `${size.users} sockets are cut at the same moment; each client comes back after the SDK's waits, and takes its session over. Meanwhile ${size.witnessPairs} pairs that stayed make ${size.callsPerSec} calls a second, as they did before. CPU is that of the server's process for each that came back, with the calls.`,
      `Medians of ${context.rounds} rounds, each with a new server.`,
    ],
    columns: ["users", "until all are back", "CPU each", "bytes each", "not resumed", "set-up p99 before", "meanwhile"],
    rows: [
      [
        String(size.users),
        `${figureText(of("backSec"))} s`,
        `${figureText(of("cpuUs"))} µs`,
        figureText(of("bytes")),
        String(of("notResumed")),
        `${figureText(of("p99BeforeMs"))} ms`,
        `${figureText(of("p99DuringMs"))} ms`,
      ],
    ],
    verdicts: [
      { what: "until all are back", figure: of("backSec"), limit: resumeSec, unit: " s" },
      { what: "sessions not resumed", figure: of("notResumed"), limit: 0, unit: "" },
      { what: "p99 of set-up meanwhile", figure: of("p99DuringMs") / of("p99BeforeMs"), limit: 5, unit: " ×" },
    ],
    versions: versionsOf([subject]),
    data: Object.fromEntries(medians),
  };
};

async function comeBack(users: readonly User[]): Promise<{ backMs: number; notResumed: number }> {
  const random = seededRandom(1);
  const startMs = performance.now();
  cutAll(users);
  let notResumed = 0;
  await Promise.all(
    users.map(async (user) => {
      for (let attempt = 0; ; attempt++) {
        await delay(defaultReconnectPolicy.delayMs(attempt, random(), false));
        const joined = await user.join().catch(() => undefined);
        if (joined === undefined) continue;
        if (joined.resumed !== true) notResumed += 1;
        return;
      }
    }),
  );
  return { backMs: performance.now() - startMs, notResumed };
}
