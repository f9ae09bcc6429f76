import { setTimeout as delay } from "node:timers/promises";
import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import { figureText } from "../report/verdict.ts";
import { afresh, type Figures } from "./rounds.ts";
import { measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface StatisticsSize {
  readonly calls: number;
  /** How long they are measured; memory is looked at in the middle and at the end. */
  readonly seconds: number;
}

export const statisticsSize: StatisticsSize = { calls: 1_000, seconds: 40 };

const sampleEveryMs = 2_000;
/** The sides take turns, so that they come evenly, as in life. */
const turnMs = 20;

/** Calls whose devices tell how well they hear each other. */
export const statistics: Scenario<StatisticsSize> = async (context, { calls: count, seconds }) => {
  const subject = measuredEchoo(context);
  const medians = await afresh(context, [subject], async (server): Promise<Figures> => {
    const users = await crowd(server, count * 2);
    const calls = pairs(users).map(([caller, callee]) => new LoadCall(caller, callee));
    await inParallel(calls, 20, (call) => call.setUp());
    for (const call of calls) call.connected();
    await report(calls, seconds / 4);
    const warm = await server.probe.memory();
    const { cpuMs, wallMs, value } = await server.measure("samples", () => report(calls, seconds));
    const end = await server.probe.memory();
    cutAll(users);
    return {
      corePercent: (cpuMs / wallMs) * 100,
      cpuUs: (cpuMs * 1000) / value,
      heapBeforeMib: warm.heapUsed / 2 ** 20,
      heapAfterMib: end.heapUsed / 2 ** 20,
    };
  });
  const { corePercent = 0, cpuUs = 0, heapBeforeMib = 0, heapAfterMib = 0 } = medians.get("Echoo") ?? {};
  return {
    name: "statistics",
    title: "Statistics of calls",
    method: [
      `${count} calls of which both sides send a sample every 2 s, for ${seconds} s. CPU of the server's process; memory after a collection, before and after.`,
      `Medians of ${context.rounds} rounds, each with a new server. There is no baseline: the others know no statistics.`,
    ],
    columns: ["calls", "of one core", "CPU a sample", "heap before", "heap after"],
    rows: [
      [
        String(count),
        `${figureText(corePercent)} %`,
        `${figureText(cpuUs)} µs`,
        `${figureText(heapBeforeMib)} MiB`,
        `${figureText(heapAfterMib)} MiB`,
      ],
    ],
    verdicts: [
      { what: "statistics of 1,000 calls, of one core", figure: corePercent * (1_000 / count), limit: 15, unit: " %" },
      { what: "heap after against before", figure: heapAfterMib / heapBeforeMib, limit: 1.1, unit: " ×" },
    ],
    versions: versionsOf([subject]),
    data: Object.fromEntries(medians),
  };
};

/** Every side of every call reports at its time; gives how many samples were sent. */
async function report(calls: readonly LoadCall[], seconds: number): Promise<number> {
  const sides = calls.flatMap((call) => [() => call.report(call.caller), () => call.report(call.callee)]);
  const startMs = performance.now();
  let sent = 0;
  for (let passedMs = 0; passedMs < seconds * 1000; passedMs = performance.now() - startMs) {
    const due = Math.floor((passedMs / sampleEveryMs) * sides.length);
    for (; sent < due; sent++) sides[sent % sides.length]?.();
    await delay(turnMs);
  }
  return sent;
}
