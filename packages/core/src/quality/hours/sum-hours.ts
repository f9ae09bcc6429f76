import type { VerdictCode } from "@echoo/protocol";
import type { QualityHour } from "../../ports/told/quality-hours.ts";
import { figureScales, histogramPercentile, type QualityFigure } from "./figure-histogram.ts";
import { type HourGroup, otherGroup } from "./hour-groups.ts";

/** What a time comes to for one value of a dimension. */
export interface QualityGroup {
  readonly name: string;
  readonly sides: number;
  readonly answered: number;
  readonly levels: { readonly good: number; readonly moderate: number; readonly poor: number };
  readonly verdicts: { readonly [C in VerdictCode]?: number };
  readonly figures: {
    readonly [F in QualityFigure]?: { readonly p50: number; readonly p95: number; readonly p99: number };
  };
}

interface Sum {
  sides: number;
  answered: number;
  readonly levels: [number, number, number];
  readonly verdicts: Map<VerdictCode, number>;
  readonly figures: Map<QualityFigure, Map<number, number>>;
}

/** The groups of all these hours, the largest first; beyond so many names the rest is one group, `other`. */
export function sumHours(hours: Iterable<QualityHour>, maxGroups: number): readonly QualityGroup[] {
  const sums = new Map<string, Sum>();
  for (const { groups } of hours) for (const [name, group] of Object.entries(groups)) add(sumOf(sums, name), group);
  const largest = [...sums].sort(([a, one], [b, two]) => two.sides - one.sides || (a < b ? -1 : 1));
  const named = largest.filter(([name]) => name !== otherGroup);
  const rest = [...named.slice(maxGroups), ...largest.filter(([name]) => name === otherGroup)];
  const kept = named.slice(0, maxGroups).map(([name, sum]) => toGroup(name, sum));
  if (rest.length === 0) return kept;
  const other = newSum();
  for (const [, sum] of rest) merge(other, sum);
  return [...kept, toGroup(otherGroup, other)];
}

function newSum(): Sum {
  return { sides: 0, answered: 0, levels: [0, 0, 0], verdicts: new Map(), figures: new Map() };
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  const sum = sums.get(name) ?? newSum();
  sums.set(name, sum);
  return sum;
}

function add(sum: Sum, group: HourGroup): void {
  sum.sides += group.sides;
  sum.answered += group.answered;
  group.levels.forEach((count, at) => {
    sum.levels[at] = (sum.levels[at] ?? 0) + count;
  });
  for (const [code, count] of Object.entries(group.verdicts)) plus(sum.verdicts, code as VerdictCode, count);
  for (const [figure, histogram] of Object.entries(group.figures)) {
    const counts = countsOf(sum, figure as QualityFigure);
    for (const [bucket, count] of histogram) plus(counts, bucket, count);
  }
}

function merge(sum: Sum, other: Sum): void {
  const figures = [...other.figures].map(([figure, counts]) => [figure, [...counts]] as const);
  const { sides, answered, levels } = other;
  const verdicts = Object.fromEntries(other.verdicts);
  add(sum, { sides, answered, levels, verdicts, figures: Object.fromEntries(figures) });
}

function countsOf(sum: Sum, figure: QualityFigure): Map<number, number> {
  const counts = sum.figures.get(figure) ?? new Map<number, number>();
  sum.figures.set(figure, counts);
  return counts;
}

function plus<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function toGroup(
  name: string,
  { sides, answered, levels: [good, moderate, poor], verdicts, figures }: Sum,
): QualityGroup {
  const spreads = (Object.keys(figureScales) as QualityFigure[]).flatMap((figure) => {
    const counts = figures.get(figure);
    if (counts === undefined) return [];
    const at = (percent: number) => histogramPercentile(figure, counts, percent) ?? 0;
    return [[figure, { p50: at(50), p95: at(95), p99: at(99) }] as const];
  });
  return {
    name,
    sides,
    answered,
    levels: { good, moderate, poor },
    verdicts: Object.fromEntries(verdicts),
    figures: Object.fromEntries(spreads),
  };
}
