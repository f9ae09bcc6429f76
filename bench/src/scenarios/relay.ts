import { LoadCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import { Latencies } from "../load/latencies.ts";
import type { User } from "../load/user.ts";
import { barChart } from "../report/chart.ts";
import type { Report } from "../report/report.ts";
import { figureText, type Verdict } from "../report/verdict.ts";
import type { MeasuredServer } from "../servers/measured-server.ts";
import { peerServer } from "../servers/peer-server.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { socketIo } from "../servers/socket-io.ts";
import { alternate, type Figures } from "./rounds.ts";
import { compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface RelaySize {
  /** Calls whose candidates are on the way at one time. */
  readonly pairs: number;
  /** Bursts of eight each way in a call that is connected. */
  readonly bursts: number;
  /** Calls that are answered and not connected yet, each with six bursts each way: all that a browser finds. */
  readonly freshCalls: number;
  /** Messages of a call that has the server for itself. */
  readonly turns: number;
}

export const relaySize: RelaySize = { pairs: 20, bursts: 300, freshCalls: 600, turns: 20_000 };

const burst = 8;
const freshBursts = 6;

/** What is measured, in the order of its run. */
const works = {
  before: "before `connected`, bursts of 8",
  after: "after `connected`, bursts of 8",
  single: "after `connected`, one a turn",
} as const;
type Work = keyof typeof works;

/** Candidates of calls: nothing else is relayed so often, and until they are there no call can connect. */
export const relay: Scenario<RelaySize> = async (context, size) => {
  const subjects = compared(context, [rawRelay(), measuredEchoo(context), peerServer(), socketIo()]);
  const medians = await alternate(context, subjects, {
    prepare: (server) => crowd(server, size.freshCalls * 2),
    finish: cutAll,
    async round(server, users) {
      const fresh = await prepareCalls(pairs(users));
      const before = await measure(server, "before", fresh.length * freshBursts * burst * 2, (tell) =>
        inParallel(fresh, size.pairs, (call) => call.exchange(freshBursts, tell)),
      );
      await inParallel(fresh, size.pairs, (call) => call.hangUp());
      const standing = await prepareCalls(pairs(users).slice(0, size.pairs));
      for (const call of standing) call.connected();
      const after = await measure(server, "after", standing.length * size.bursts * burst * 2, (tell) =>
        inParallel(standing, size.pairs, (call) => call.exchange(size.bursts, tell)),
      );
      const single = await measure(server, "single", size.turns, (tell) => standing[0]?.alternate(size.turns, tell));
      await inParallel(standing, size.pairs, (call) => call.hangUp());
      await server.quiet();
      return { ...named("before", before), ...named("after", after), ...named("single", single) };
    },
  });
  return reportOf(context.rounds, medians, versionsOf(subjects));
};

async function prepareCalls(couples: readonly [User, User][]): Promise<LoadCall[]> {
  const calls = couples.map(([caller, callee]) => new LoadCall(caller, callee));
  await inParallel(calls, 20, (call) => call.setUp());
  return calls;
}

async function measure(
  server: MeasuredServer,
  label: Work,
  messages: number,
  work: (tell: (ms: number) => void) => unknown,
) {
  const took = new Latencies();
  const { cpuMs } = await server.measure(label, async () => work((ms) => took.add(ms)));
  return { cpuUs: (cpuMs * 1000) / messages, p50Ms: took.at(50), p99Ms: took.at(99) };
}

function named(work: Work, { cpuUs, p50Ms, p99Ms }: { cpuUs: number; p50Ms: number; p99Ms: number }): Figures {
  return { [`${work} cpuUs`]: cpuUs, [`${work} p50Ms`]: p50Ms, [`${work} p99Ms`]: p99Ms };
}

function reportOf(rounds: number, medians: ReadonlyMap<string, Figures>, versions: Record<string, string>): Report {
  const base = medians.get("raw relay");
  const figure = (of: Figures | undefined, work: Work, name: string) => of?.[`${work} ${name}`] ?? Number.NaN;
  const ratio = (server: string, work: Work, name: string) =>
    figure(medians.get(server), work, name) / figure(base, work, name);
  const budget = (work: Work, name: string, limit: number, words: string): Verdict => ({
    what: `${words}, ${works[work]}`,
    figure: ratio("Echoo", work, name),
    limit,
    unit: " ×",
  });
  const all = Object.keys(works) as Work[];
  return {
    name: "relay",
    title: "Relay of candidates",
    method: [
      "Candidates of answered calls, as browsers send them: in bursts of eight each way, the next burst when the last one arrived; and one message at a time, alone on the server. CPU is that of the server's process, from the kernel, for each message; the times are those of a burst, from its sending to the arrival of its last message.",
      "The raw relay parses each message, looks the addressee up and sends on what it got. Echoo also validates, checks who is in the call, rebuilds the message with its sender, numbers it and keeps it for a resume. PeerServer and Socket.IO relay as their documentation says.",
      `Medians of ${rounds} rounds that alternate between the servers.`,
    ],
    columns: ["work", "server", "CPU a message", "ratio", "p50", "p99", "ratio"],
    rows: all.flatMap((work) =>
      [...medians].map(([server, figures]) => [
        works[work],
        server,
        `${figureText(figure(figures, work, "cpuUs"))} µs`,
        figureText(ratio(server, work, "cpuUs")),
        `${figureText(figure(figures, work, "p50Ms"))} ms`,
        `${figureText(figure(figures, work, "p99Ms"))} ms`,
        figureText(ratio(server, work, "p99Ms")),
      ]),
    ),
    verdicts: [
      budget("before", "cpuUs", 0.85, "CPU"),
      budget("after", "cpuUs", 0.85, "CPU"),
      budget("single", "cpuUs", 1.15, "CPU"),
      budget("after", "p99Ms", 1.2, "p99"),
    ],
    charts: all.map((work) =>
      barChart(
        `CPU a message, ${works[work].replaceAll("`", "")}`,
        " µs",
        [...medians].map(([label, figures]) => [label, figure(figures, work, "cpuUs")]),
      ),
    ),
    versions,
    data: Object.fromEntries(medians),
  };
}
