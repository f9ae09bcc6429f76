import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import { median } from "../load/latencies.ts";
import { lineChart } from "../report/chart.ts";
import { figureText } from "../report/verdict.ts";
import { type Context, measuredEchoo, type Scenario, sizesWithin, versionsOf, withServer } from "./scenario.ts";

export interface KillSize {
  readonly calls: readonly number[];
}

export const killSize: KillSize = { calls: [1_000, 3_000, 10_000] };

/** What the budget is for. */
const listeningMsPerCall = 1_000 / 3_000;
const recoveredMs = 5_000;

interface Recovery {
  readonly calls: number;
  /** Beyond what a start takes without any call. */
  readonly listeningMs: number;
  readonly backMs: number;
  readonly lost: number;
}

/** The server is killed in the middle of calls: how long until it listens, and until every device has its call again. */
export const kill: Scenario<KillSize> = async (context, { calls }) => {
  const sizes = sizesWithin(context, calls, 2);
  const subject = measuredEchoo(context);
  const measured: Recovery[] = [];
  for (let round = 1; round <= context.rounds; round++) {
    for (const size of sizes) measured.push(await recoveryOf(context, size));
    context.say(`  round ${round} of ${context.rounds}`);
  }
  const middle = sizes.map((calls) => {
    const own = measured.filter((recovery) => recovery.calls === calls);
    const of = (pick: (recovery: Recovery) => number) => median(own.map(pick));
    return { calls, listeningMs: of((r) => r.listeningMs), backMs: of((r) => r.backMs), lost: of((r) => r.lost) };
  });
  const most = middle.at(-1);
  const least = middle[0];
  return {
    name: "kill",
    title: "Killed in the middle of calls",
    method: [
      "Calls stand and both sides are connected; the process is killed by SIGKILL and started again on the same data. Listening is the time until it accepts connections, beyond what the same start takes without calls. Then every device joins again, 64 at a time, and must be told that it keeps its call.",
      `Medians of ${context.rounds} rounds, each with a new server.`,
    ],
    columns: ["calls", "until it listens", "until all are back", "calls lost"],
    rows: middle.map(({ calls, listeningMs, backMs, lost }) => [
      String(calls),
      `${figureText(listeningMs)} ms`,
      `${figureText(backMs)} ms`,
      String(lost),
    ]),
    verdicts: [
      ...middle.map(({ calls, listeningMs }) => ({
        what: `until it listens with ${calls} calls`,
        figure: listeningMs,
        limit: Math.min(recoveredMs, Math.round(calls * listeningMsPerCall)),
        unit: " ms",
      })),
      {
        what: "until it listens for each call, largest against smallest",
        figure: (most?.listeningMs ?? 0) / (most?.calls ?? 1) / ((least?.listeningMs ?? 1) / (least?.calls ?? 1)),
        limit: 1.25,
        unit: " ×",
      },
      { what: "calls lost", figure: Math.max(...middle.map(({ lost }) => lost)), limit: 0, unit: "" },
    ],
    charts: [
      lineChart("Until it listens again after SIGKILL", " ms", "calls", [
        { label: "Echoo", points: middle.map(({ calls, listeningMs }) => [calls, listeningMs] as const) },
      ]),
    ],
    versions: versionsOf([subject]),
    data: measured,
  };
};

function recoveryOf(context: Context, count: number): Promise<Recovery> {
  return withServer(context, measuredEchoo(context), async (server) => {
    await server.kill("SIGKILL");
    const emptyMs = await server.launch();
    const users = await crowd(server, count * 2);
    const calls = pairs(users).map(([caller, callee]) => new LoadCall(caller, callee));
    await inParallel(calls, 20, (call) => call.setUp());
    for (const call of calls) call.connected();
    await server.quiet();
    await server.kill("SIGKILL");
    cutAll(users);
    const listeningMs = (await server.launch(`of-${count}`)) - emptyMs;
    const startMs = performance.now();
    let lost = 0;
    await inParallel(calls, 32, async ({ caller, callee, callId }) => {
      const joined = await Promise.all([caller.join(), callee.join()]);
      if (!joined.every(({ resumed, rebound }) => resumed === true || rebound?.includes(callId))) lost += 1;
    });
    const backMs = performance.now() - startMs;
    cutAll(users);
    return { calls: count, listeningMs: Math.max(0, listeningMs), backMs, lost };
  });
}
