import { requireService, startMongoSet } from "@echoo/testkit";
import { wholeCall } from "../load/call.ts";
import { crowd, cutAll, inParallel, pairs } from "../load/crowd.ts";
import { Latencies } from "../load/latencies.ts";
import { pacedCalls } from "../load/paced-calls.ts";
import { barChart } from "../report/chart.ts";
import type { Report } from "../report/report.ts";
import { figureText } from "../report/verdict.ts";
import { peerServer } from "../servers/peer-server.ts";
import { rawRelay } from "../servers/raw-relay.ts";
import { socketIo } from "../servers/socket-io.ts";
import type { Subject } from "../servers/wire.ts";
import { alternate, type Figures } from "./rounds.ts";
import { type Context, compared, measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface CallsSize {
  /** Pairs that call without a pause; with the second figure one after another. */
  readonly pairs: number;
  readonly callsEach: number;
  /** At seven tenths of what Echoo can do: so long, between so many pairs. */
  readonly pacedSec: number;
  readonly pacedPairs: number;
  readonly mongodb: boolean;
}

export const callsSize: CallsSize = { pairs: 20, callsEach: 100, pacedSec: 8, pacedPairs: 300, mongodb: true };

/** How busy the server is while set-up is timed. */
const pacedLoad = 0.7;

/** Whole calls: offer, ringing, answer, eight candidates each way, hangup; Echoo also stores the history. */
export const calls: Scenario<CallsSize> = async (context, size) => {
  const mongodb = await mongodbFor(context, size);
  try {
    const own = [measuredEchoo(context), ...(mongodb?.subjects ?? [])];
    const subjects = compared(context, [rawRelay(), ...own, peerServer(), socketIo()]);
    const flatOut = await callsFlatOut(context, subjects, size);
    const perSec = await pacedRate(context, size, flatOut);
    const paced = await callsPaced(context, compared(context, [rawRelay(), ...own]), size, perSec);
    return reportOf(context.rounds, flatOut, paced, perSec, versionsOf(subjects));
  } finally {
    await mongodb?.stop();
  }
};

async function mongodbFor(context: Context, { mongodb }: CallsSize) {
  if (!mongodb || context.profile !== undefined) return undefined;
  const missing = requireService("mongod");
  if (missing !== false) {
    context.say(missing);
    return undefined;
  }
  const set = await startMongoSet({ nodes: 1 });
  const subjects = [measuredEchoo(context, { MONGODB_URI: set.uri }, "Echoo on MongoDB")];
  return { subjects, stop: () => set.stop() };
}

function callsFlatOut(context: Context, subjects: readonly Subject[], size: CallsSize) {
  return alternate(context, subjects, {
    prepare: (server) => crowd(server, size.pairs * 2),
    finish: cutAll,
    async round(server, users): Promise<Figures> {
      const setUp = new Latencies();
      const { cpuMs } = await server.measure("flat-out", () =>
        inParallel(pairs(users), size.pairs, async ([caller, callee]) => {
          for (let done = 0; done < size.callsEach; done++) setUp.add(await wholeCall(caller, callee));
        }),
      );
      return { cpuUs: (cpuMs * 1000) / setUp.count, p50Ms: setUp.at(50), p99Ms: setUp.at(99) };
    },
  });
}

/**
 * The same for all: seven tenths of what Echoo or the raw relay can do, whichever is less. A call that comes by itself is
 * dearer than one of many at once, so the dearest is first tried at what it did flat out, and the rate follows from that.
 */
async function pacedRate(context: Context, size: CallsSize, flatOut: Medians): Promise<number> {
  const subjects = compared(context, [rawRelay(), measuredEchoo(context)]);
  const dearest = subjects.toSorted((a, b) => cpuUsOf(flatOut, b.name) - cpuUsOf(flatOut, a.name)).slice(0, 1);
  const tried = Math.max(1, Math.round((pacedLoad * 1_000_000) / cpuUsOf(flatOut, dearest[0]?.name ?? "")));
  const trial = await alternate({ ...context, rounds: 1, profile: undefined }, dearest, {
    prepare: (server) => crowd(server, size.pacedPairs * 2),
    finish: cutAll,
    async round(server, users): Promise<Figures> {
      const { cpuMs, wallMs } = await server.measure("paced", () => pacedCalls(pairs(users), tried, size.pacedSec));
      return { load: cpuMs / wallMs };
    },
  });
  // A trial that is too short to tell anything has no load.
  const load = Math.max(trial.get(dearest[0]?.name ?? "")?.load ?? 0, pacedLoad / 2);
  return Math.max(1, Math.round((tried * pacedLoad) / load));
}

function cpuUsOf(medians: Medians, server: string): number {
  return medians.get(server)?.cpuUs ?? 0;
}

function callsPaced(context: Context, subjects: readonly Subject[], size: CallsSize, perSec: number) {
  return alternate(context, subjects, {
    prepare: (server) => crowd(server, size.pacedPairs * 2),
    finish: cutAll,
    async round(server, users): Promise<Figures> {
      const { value } = await server.measure("paced", () => pacedCalls(pairs(users), perSec, size.pacedSec));
      return { p50Ms: value.setUp.at(50), p99Ms: value.setUp.at(99), unplaced: value.unplaced };
    },
  });
}

type Medians = ReadonlyMap<string, Figures>;

function reportOf(
  rounds: number,
  flatOut: Medians,
  paced: Medians,
  perSec: number,
  versions: Record<string, string>,
): Report {
  const of = (medians: Medians, server: string, name: string) => medians.get(server)?.[name] ?? Number.NaN;
  const ratio = (medians: Medians, server: string, name: string) =>
    of(medians, server, name) / of(medians, "raw relay", name);
  const ms = (value: number) => (Number.isNaN(value) ? "" : `${figureText(value)} ms`);
  const times = (value: number) => (Number.isNaN(value) ? "" : figureText(value));
  const onMongodb = flatOut.has("Echoo on MongoDB");
  const cpu = (server: string, limit: number) => ({
    what: `CPU a call, ${server}`,
    figure: ratio(flatOut, server, "cpuUs"),
    limit,
    unit: " ×",
  });
  return {
    name: "calls",
    title: "Whole calls",
    method: [
      "Offer, ringing, answer, eight candidates each way and hangup, with descriptions of some 4.4 kB as browsers write them. Echoo runs its state machine, writes each change to its journal before it tells any client, and stores the history; the others relay the same messages. CPU is that of the server's process, from the kernel, until the last record is stored.",
      `Set-up is the time from the offer to the answer at the caller; the callee's device answers at once. It is measured at ${perSec} calls a second that arrive at random: the rate at which the dearer of Echoo and the raw relay is busy for seven tenths of the time, as tried before.`,
      "Kamailio is not in the table. It forwards SIP, mostly over UDP, and the load tool of Debian's sip-tester speaks no WebSocket: what would be compared is two transports, a parser in C against one in JavaScript, and a proxy that keeps no call and stores no history.",
      `Medians of ${rounds} rounds that alternate between the servers.`,
    ],
    columns: ["server", "CPU a call", "ratio", "set-up p50", "set-up p99", "ratio of p99", "calls not placed"],
    rows: [...flatOut.keys()].map((server) => [
      server,
      `${figureText(of(flatOut, server, "cpuUs"))} µs`,
      times(ratio(flatOut, server, "cpuUs")),
      ms(of(paced, server, "p50Ms")),
      ms(of(paced, server, "p99Ms")),
      times(ratio(paced, server, "p99Ms")),
      paced.has(server) ? String(of(paced, server, "unplaced")) : "",
    ]),
    verdicts: [
      cpu("Echoo", 1),
      { what: "p99 of set-up, Echoo", figure: ratio(paced, "Echoo", "p99Ms"), limit: 1.5, unit: " ×" },
      ...(onMongodb ? [cpu("Echoo on MongoDB", 1.2)] : []),
    ],
    charts: [
      barChart(
        "CPU a whole call",
        " µs",
        [...flatOut].map(([label, { cpuUs = 0 }]) => [label, cpuUs]),
      ),
    ],
    versions,
    data: { callsPerSec: perSec, flatOut: Object.fromEntries(flatOut), paced: Object.fromEntries(paced) },
  };
}
