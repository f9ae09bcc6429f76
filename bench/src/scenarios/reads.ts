import { filledFolder } from "../history/installation.ts";
import { reader } from "../history/made-up-history.ts";
import { crowd, cutAll, pairs } from "../load/crowd.ts";
import { type PacedCalls, pacedCalls } from "../load/paced-calls.ts";
import { signIn } from "../load/sign-in.ts";
import { figureText } from "../report/verdict.ts";
import type { MeasuredServer } from "../servers/measured-server.ts";
import { alternate, type Figures } from "./rounds.ts";
import { measuredEchoo, type Scenario, versionsOf } from "./scenario.ts";

export interface ReadsSize {
  /** In the history of the one who reads. */
  readonly calls: number;
  readonly callsPerSec: number;
  readonly pairs: number;
  readonly seconds: number;
}

export const readsSize: ReadsSize = { calls: 20_000, callsPerSec: 100, pairs: 200, seconds: 8 };

/** The reader has a number of this range as well. */
const callersFrom = 100_000;

/** Everything that may be asked of a long history, by its name in the report. */
const readings = {
  export: `/api/users/${reader}/export`,
  "statistics of 365 days": `/api/stats/${reader}?days=365`,
} as const;
type Reading = keyof typeof readings;

/** What a user who reads all of a long history, again and again, does to the calls of others. */
export const reads: Scenario<ReadsSize> = async (context, size) => {
  context.say(`  filling ${size.calls} calls…`);
  const { folder, remove } = await filledFolder({ calls: size.calls, own: size.calls }, context.say);
  try {
    const subject = measuredEchoo(context, { ECHOO_DATA: folder });
    const medians = await alternate(context, [subject], {
      async prepare(server) {
        const token = await signIn(`http://127.0.0.1:${server.port}`, reader);
        return { token, users: await crowd(server, size.pairs * 2, callersFrom) };
      },
      finish: ({ users }) => cutAll(users),
      async round(server, { token, users }): Promise<Figures> {
        const call = () => pacedCalls(pairs(users), size.callsPerSec, size.seconds);
        const figures: Record<string, number> = timesOf("alone", (await server.measure("calls", call)).value);
        for (const reading of Object.keys(readings) as Reading[]) {
          // The reading is within what is measured: the server is not quiet before it is over.
          const measured = await server.measure("calls", () => whileReading(server, readings[reading], token, call));
          const { value, took } = measured.value;
          Object.assign(figures, timesOf(reading, value), { [`${reading} ms`]: took });
        }
        return figures;
      },
    });
    return reportOf(context.rounds, size, medians.get(subject.name) ?? {}, versionsOf([subject]));
  } finally {
    remove();
  }
};

function timesOf(label: string, { setUp }: PacedCalls): Figures {
  return { [`${label} p50`]: setUp.at(50), [`${label} p99`]: setUp.at(99) };
}

/** Reads without a pause until the work is over; also tells how long one reading took in the middle, in milliseconds. */
async function whileReading<T>(server: MeasuredServer, path: string, token: string, work: () => Promise<T>) {
  let isOver = false;
  const took: number[] = [];
  const reading = (async () => {
    while (!isOver || took.length === 0) took.push(await drain(`http://127.0.0.1:${server.port}${path}`, token));
  })();
  const value = await work().finally(() => {
    isOver = true;
  });
  await reading;
  return { value, took: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? Number.NaN };
}

/** To the last byte, of which none is kept: what the load tool makes of an answer is no work of the server's. */
async function drain(url: string, token: string): Promise<number> {
  const startMs = performance.now();
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!reply.ok || reply.body === null) throw new Error(`${reply.status} from ${url}: ${await reply.text()}`);
  for await (const _piece of reply.body);
  return performance.now() - startMs;
}

function reportOf(rounds: number, size: ReadsSize, figures: Figures, versions: Record<string, string>) {
  const ms = (name: string) => figures[name] ?? Number.NaN;
  const shown = (value: number) => (Number.isNaN(value) ? "" : `${figureText(value)} ms`);
  return {
    name: "reads",
    title: "Long reads beside calls",
    method: [
      `One user with ${size.calls} calls reads all of it again and again, an answer after the other without a pause, while others make ${size.callsPerSec} calls a second that arrive at random. Set-up is the time from the offer to the answer at the caller.`,
      `Medians of ${rounds} rounds.`,
    ],
    columns: ["meanwhile is read", "one reading", "set-up p50", "set-up p99", "ratio of p99"],
    rows: ["alone", ...Object.keys(readings)].map((label) => [
      label === "alone" ? "nothing" : label,
      shown(ms(`${label} ms`)),
      shown(ms(`${label} p50`)),
      shown(ms(`${label} p99`)),
      figureText(ms(`${label} p99`) / ms("alone p99")),
    ]),
    verdicts: Object.keys(readings).map((reading) => ({
      what: `p99 of set-up beside ${reading}`,
      figure: ms(`${reading} p99`) / ms("alone p99"),
      limit: 2,
      unit: " ×",
    })),
    charts: [],
    versions,
    data: figures,
  };
}
