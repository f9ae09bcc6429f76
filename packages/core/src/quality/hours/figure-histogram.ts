/**
 * A histogram as it is kept: pairs of a bucket and how many values are in it, by bucket. Of many hours the sums are
 * those of the same values in one.
 */
export type FigureHistogram = readonly (readonly [bucket: number, count: number])[];

/** How the values of one figure fall into buckets. */
interface Scale {
  readonly bucketOf: (value: number) => number;
  /** The middle of a bucket. */
  readonly valueOf: (bucket: number) => number;
}

/** Each bucket is 5 % wider than the one before it, so that a percentile is right within 2.5 %; the first holds zero. */
const growth = Math.log(1.05);
const proportional: Scale = {
  bucketOf: (value) => (value < 0.1 ? 0 : 1 + Math.floor(Math.log(value / 0.1) / growth)),
  valueOf: (bucket) => (bucket === 0 ? 0 : 0.1 * Math.exp((bucket - 0.5) * growth)),
};
/** A MOS is between 1 and 4.5: fifty steps to each whole one. */
const scores: Scale = { bucketOf: (mos) => Math.round(mos * 50), valueOf: (bucket) => bucket / 50 };

export const figureScales = {
  mos: scores,
  rttMs: proportional,
  jitterMs: proportional,
  lossPercent: proportional,
  setupMs: proportional,
} as const satisfies Record<string, Scale>;

export type QualityFigure = keyof typeof figureScales;

/** The percentile by nearest rank, as the middle of its bucket; undefined where there are no values. */
export function histogramPercentile(
  figure: QualityFigure,
  counts: ReadonlyMap<number, number>,
  percent: number,
): number | undefined {
  let total = 0;
  for (const count of counts.values()) total += count;
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let seen = 0;
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return Math.round(figureScales[figure].valueOf(bucket) * 100) / 100;
  }
  return undefined;
}
