import type { Sample } from "@echoo/protocol";
import { estimateMos, mosModel, qualityLevel } from "./mos.ts";
import { percentile } from "./percentile.ts";
import { SampleSlots } from "./sample-slots.ts";
import type { SideSummary, Spread } from "./summary.ts";

/** A batch comes every 10 s: a gap longer than that was not measured, and is not counted in full. */
const longestGapMs = 10_000;

/**
 * Makes a summary from samples as they come, in bounded memory. Whatever the order, and however often a sample
 * comes, the summary is that of the same set of samples.
 */
export class SummaryBuilder {
  readonly #slots: SampleSlots;

  /** A test may lower the bound; the default holds the longest call at one sample every 2 s. */
  constructor(maxSamples?: number) {
    this.#slots = new SampleSlots(maxSamples);
  }

  add(sample: Sample): void {
    this.#slots.add(sample);
  }

  summary(): SideSummary {
    const samples = this.#slots.inOrder();
    return {
      mosModel,
      samples: samples.length,
      coveredMs: coveredMs(samples),
      ...scores(samples),
      ...spreads(samples),
      ...sums(samples),
      ...paths(samples),
    };
  }
}

function coveredMs(samples: readonly Sample[]): number {
  let covered = 0;
  let previous: Sample | undefined;
  for (const sample of samples) {
    if (previous !== undefined) covered += Math.min(longestGapMs, sample.t - previous.t);
    previous = sample;
  }
  return Math.round(covered);
}

function scores(samples: readonly Sample[]): Pick<SideSummary, "mos" | "levels"> {
  const scored = sortedValues(samples, (sample) => estimateMos(sample));
  if (scored.length === 0) return {};
  const shareOf = (level: string) => scored.filter((mos) => qualityLevel(mos) === level).length / scored.length;
  return {
    mos: { p50: rounded(percentile(scored, 50)), p5: rounded(percentile(scored, 5)) },
    levels: { good: shareOf("good"), moderate: shareOf("moderate"), poor: shareOf("poor") },
  };
}

const spreadFields = ["rttMs", "jitterMs", "lossPercent", "sendKbps", "recvKbps"] as const;

function spreads(samples: readonly Sample[]): { [Field in (typeof spreadFields)[number]]?: Spread } {
  return Object.fromEntries(
    spreadFields.flatMap((field) => {
      const sorted = sortedValues(samples, (sample) => sample[field]);
      if (sorted.length === 0) return [];
      return [[field, { p50: rounded(percentile(sorted, 50)), p95: rounded(percentile(sorted, 95)) }]];
    }),
  );
}

/** Freezes are counted per sample; the data used is counted from the start of the call, so the highest is the sum. */
function sums(samples: readonly Sample[]): Pick<SideSummary, "freezes" | "dataUsedBytes"> {
  const freezes = sortedValues(samples, (sample) => sample.freezes);
  const dataUsedBytes = sortedValues(samples, (sample) => sample.dataUsedBytes).at(-1);
  return {
    ...(freezes.length === 0 ? {} : { freezes: freezes.reduce((sum, more) => sum + more, 0) }),
    ...(dataUsedBytes === undefined ? {} : { dataUsedBytes }),
  };
}

function paths(samples: readonly Sample[]): Pick<SideSummary, "relayed" | "networkChanges"> {
  const pairs = samples.flatMap((sample) => sample.pair ?? []);
  const networks = samples.flatMap((sample) => sample.network ?? []);
  const changes = networks.filter((network, at) => at > 0 && network !== networks[at - 1]);
  return {
    ...(pairs.length === 0 ? {} : { relayed: pairs.includes("relay") }),
    ...(networks.length === 0 ? {} : { networkChanges: changes.length }),
  };
}

function sortedValues(samples: readonly Sample[], figureOf: (sample: Sample) => number | undefined): number[] {
  return samples.flatMap((sample) => figureOf(sample) ?? []).sort((a, b) => a - b);
}

/** To two decimals: more would be noise, and would make stored summaries longer. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
