import type { Sample } from "@echoo/protocol";
import type { Span } from "./side-view.ts";

/** Between two samples that are further apart nothing was measured. */
export const longestGapMs = 5_000;

/** A sample with the time that it is of: since the one before it. */
export interface Measured extends Span {
  readonly sample: Sample;
}

/** The samples with the times that they are of, without those after a gap. */
export function measuredTimes(samples: readonly Sample[]): readonly Measured[] {
  return samples.flatMap((sample, at) => {
    const before = samples[at - 1];
    if (before === undefined || sample.t - before.t > longestGapMs) return [];
    return [{ sample, fromMs: before.t, toMs: sample.t }];
  });
}

export function lengthMs(times: readonly Span[]): number {
  return times.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

export function overlap(a: Span, b: Span): boolean {
  return a.fromMs < b.toMs && b.fromMs < a.toMs;
}

/** The part of the time, 0…1, for which it holds; of those where it is known at all. */
export function shareOf(times: readonly Measured[], holds: (sample: Sample) => boolean): number {
  const all = lengthMs(times);
  return all === 0 ? 0 : lengthMs(times.filter(({ sample }) => holds(sample))) / all;
}

/** The longest time in a row for which it holds, without a gap. */
export function longestRun(times: readonly Measured[], holds: (measured: Measured) => boolean): Span | undefined {
  let longest: Span | undefined;
  let run: Span | undefined;
  for (const measured of times) {
    const { fromMs, toMs } = measured;
    if (!holds(measured)) run = undefined;
    else run = run !== undefined && run.toMs === fromMs ? { fromMs: run.fromMs, toMs } : { fromMs, toMs };
    if (run !== undefined && (longest === undefined || run.toMs - run.fromMs > longest.toMs - longest.fromMs)) {
      longest = run;
    }
  }
  return longest;
}
