import { percentile } from "@echoo/core";
import { requireService } from "@echoo/testkit";
import type { Report } from "../report/report.ts";
import { type Installation, type StoreName, startInstallation } from "./installation.ts";
import type { HistorySize } from "./made-up-history.ts";
import { readings, timeOf } from "./read-history.ts";

/** A page may cost so many times what it costs in the small installation. */
const budget = 1.5;

export interface HistoryOptions extends HistorySize {
  readonly stores: readonly string[] | undefined;
  readonly rounds: number;
  /** To either installation, in each round. As many come before the first, to compile code and fill caches. */
  readonly requests: number;
  readonly say: (line: string) => void;
}

interface Round {
  readonly p50: number;
  readonly p99: number;
}

interface Figure {
  readonly store: StoreName;
  readonly reading: string;
  readonly small: Round;
  readonly large: Round;
}

/** Reads the history of one user in an installation that is theirs alone, and in one a hundred times as large. */
export async function historyBench(options: HistoryOptions): Promise<Report> {
  const { calls, own, say } = options;
  const figures: Figure[] = [];
  const versions: Record<string, string> = {};
  for (const store of storesOf(options)) {
    say(`${store}: filling ${own} and ${calls} calls…`);
    const small = await startInstallation(store, { calls: own, own }, say);
    const large = await startInstallation(store, { calls, own }, say);
    try {
      versions[store] = small.version;
      figures.push(...(await compare(store, small, large, options)));
    } finally {
      await small.stop();
      await large.stop();
    }
  }
  return reportOf(options, figures, versions);
}

function storesOf({ stores, say }: HistoryOptions): StoreName[] {
  const missing = requireService("mongod");
  const chosen = stores ?? (missing === false ? ["sqlite", "mongodb"] : ["sqlite"]);
  if (stores === undefined && missing !== false) say(missing);
  return chosen.map((name) => {
    if (name === "sqlite" || name === "mongodb") return name;
    throw new Error(`--stores: '${name}' is neither sqlite nor mongodb`);
  });
}

async function compare(
  store: StoreName,
  small: Installation,
  large: Installation,
  { own, rounds, requests, say }: HistoryOptions,
): Promise<Figure[]> {
  const paths = { small: await readings(small, own), large: await readings(large, own) };
  const figures: Figure[] = [];
  for (const reading of Object.keys(paths.small)) {
    const one = () => timeOf(small, paths.small[reading] ?? "");
    const other = () => timeOf(large, paths.large[reading] ?? "");
    await measureRound(one, other, requests);
    const measured = [];
    for (let round = 0; round < rounds; round++) measured.push(await measureRound(one, other, requests));
    const figure = {
      store,
      reading,
      small: median(measured.map(([a]) => a)),
      large: median(measured.map(([, b]) => b)),
    };
    say(`  ${store}, ${reading}: p99 ${figure.small.p99.toFixed(2)} ms and ${figure.large.p99.toFixed(2)} ms`);
    figures.push(figure);
  }
  return figures;
}

/** One request to either in turn, so that what disturbs the machine disturbs both. */
async function measureRound(
  one: () => Promise<number>,
  other: () => Promise<number>,
  requests: number,
): Promise<[Round, Round]> {
  const times: [number[], number[]] = [[], []];
  for (let done = 0; done < requests; done++) {
    times[0].push(await one());
    times[1].push(await other());
  }
  return [roundOf(times[0]), roundOf(times[1])];
}

function roundOf(times: readonly number[]): Round {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: percentile(sorted, 50), p99: percentile(sorted, 99) };
}

function median(rounds: readonly Round[]): Round {
  const middle = (pick: (round: Round) => number) =>
    percentile(
      rounds.map(pick).sort((a, b) => a - b),
      50,
    );
  return { p50: middle((round) => round.p50), p99: middle((round) => round.p99) };
}

function reportOf(
  { calls, own, rounds, requests }: HistoryOptions,
  figures: Figure[],
  versions: Record<string, string>,
): Report {
  const ms = (value: number) => value.toFixed(2);
  const verdict = ({ store, reading, small, large }: Figure) => ({
    what: `${reading}, ${store}: p50 and p99`,
    figure: Math.max(large.p50 / small.p50, large.p99 / small.p99),
    limit: budget,
    unit: " ×",
  });
  return {
    name: "history",
    title: "History",
    method: [
      `One user with ${own} calls in an installation that is theirs alone, and in one of ${calls} calls of 50,000 people; each call of that user, and every fifth of the others, with what one side reported of it. Pages of 50, over REST on loopback, times to the last byte in milliseconds.`,
      `Requests go to either installation in turn, ${requests} to each a round; the figures are medians of ${rounds} rounds. Budget: p50 and p99 at most ${budget} times those of the small one.`,
    ],
    columns: ["store", "what is read", "p50 small", "p50 large", "ratio", "p99 small", "p99 large", "ratio"],
    rows: figures.map(({ store, reading, small, large }) => [
      store,
      reading,
      ms(small.p50),
      ms(large.p50),
      ms(large.p50 / small.p50),
      ms(small.p99),
      ms(large.p99),
      ms(large.p99 / small.p99),
    ]),
    verdicts: figures.map(verdict),
    versions,
    data: figures,
  };
}
