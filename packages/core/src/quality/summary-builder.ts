import { limits, type Sample } from "@echoo/protocol";
import { mosModel, qualityLevel } from "./mos.ts";
import { percentile } from "./percentile.ts";
import { networks, relayPair, SampleTable } from "./sample-table.ts";
import type { SideSummary, Spread } from "./summary.ts";

/** The longest call, 12 h, at one sample every 2 s: what a proper client sends is never thinned out. */
export const samplesPerSideMax = 21_600;
/** A batch comes every 10 s: a gap longer than that was not measured, and is not counted in full. */
const longestGapMs = 10_000;

/**
 * Makes a summary from samples as they come, in bounded memory. Whatever the order, and however often a sample
 * comes, the summary is that of the same set of samples.
 */
export class SummaryBuilder {
  readonly #table: SampleTable;

  /** A test may lower the bound; the default holds the longest call at one sample every 2 s. */
  constructor(maxSamples: number = samplesPerSideMax) {
    this.#table = new SampleTable(maxSamples);
  }

  /** How many samples the summary is of. */
  get size(): number {
    return this.#table.size;
  }

  /** How many samples there is memory for at the moment. */
  get capacity(): number {
    return this.#table.capacity;
  }

  /** Takes a sample, and tells whether the summary is of one more, or of another one, by it. */
  add(sample: Sample): boolean {
    return this.#table.add(sample);
  }

  /** Which one of its samples this is, in the order of time; undefined for one that it does not need, or no longer. */
  find(sample: Sample): number | undefined {
    return this.#table.find(sample);
  }

  summary(): SideSummary {
    const table = this.#table;
    return {
      mosModel,
      samples: table.size,
      coveredMs: coveredMs(table.known("t")),
      ...scores(table.known("mos").sort()),
      ...spreads(table),
      ...sums(table),
      ...paths(table),
    };
  }
}

function coveredMs(times: Float64Array): number {
  let covered = 0;
  let previous = times[0] ?? 0;
  for (const t of times) {
    covered += Math.min(longestGapMs, t - previous);
    previous = t;
  }
  return Math.round(covered);
}

function scores(sorted: Float64Array): Pick<SideSummary, "mos" | "levels"> {
  if (sorted.length === 0) return {};
  const shareOf = (level: string) => sorted.filter((mos) => qualityLevel(mos) === level).length / sorted.length;
  return {
    mos: { p50: rounded(percentile(sorted, 50)), p5: rounded(percentile(sorted, 5)) },
    levels: { good: shareOf("good"), moderate: shareOf("moderate"), poor: shareOf("poor") },
  };
}

const spreadFields = ["rttMs", "jitterMs", "lossPercent", "sendKbps", "recvKbps"] as const;

function spreads(table: SampleTable): { [Field in (typeof spreadFields)[number]]?: Spread } {
  return Object.fromEntries(
    spreadFields.flatMap((field) => {
      const sorted = table.known(field).sort();
      if (sorted.length === 0) return [];
      return [[field, { p50: rounded(percentile(sorted, 50)), p95: rounded(percentile(sorted, 95)) }]];
    }),
  );
}

/** Freezes are counted per sample; the data used is counted from the start of the call, so the highest is the sum. */
function sums(table: SampleTable): Pick<SideSummary, "freezes" | "dataUsedBytes"> {
  const freezes = table.known("freezes");
  const dataUsedBytes = table.known("dataUsedBytes").sort().at(-1);
  return {
    ...(freezes.length === 0 ? {} : { freezes: freezes.reduce((sum, more) => sum + more, 0) }),
    ...(dataUsedBytes === undefined ? {} : { dataUsedBytes }),
  };
}

function paths(table: SampleTable): Pick<SideSummary, "relayed" | "networkChanges" | "network"> {
  const pairs = table.known("pair");
  const used = table.known("network");
  const changes = used.filter((network, at) => at > 0 && network !== used[at - 1]);
  return {
    ...(pairs.length === 0 ? {} : { relayed: pairs.includes(relayPair) }),
    ...(used.length === 0 ? {} : { networkChanges: changes.length, ...mostUsed(used) }),
  };
}

/** Of two that were used as often the first of their list. */
function mostUsed(used: Float64Array): Pick<SideSummary, "network"> {
  const counts = networks.map((_, code) => used.filter((network) => network === code).length);
  const network = networks[counts.indexOf(Math.max(...counts))];
  return network === undefined ? {} : { network };
}

/** To two decimals: more would be noise, and would make stored summaries longer. */
function rounded(value: number): number {
  // Of samples that were stored before figures had a bound: a hundred times as much may be no number any more.
  return value > limits.sampleFigure ? value : Math.round(value * 100) / 100;
}

/** The summary of these samples: the same for any order of them, and however often one is repeated. */
export function summarise(samples: Iterable<Sample>): SideSummary {
  const builder = new SummaryBuilder();
  for (const sample of samples) builder.add(sample);
  return builder.summary();
}
