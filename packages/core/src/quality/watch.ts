import type { Sample } from "@echoo/protocol";
import { type QualityWarning, silentLevel, warningRules, windowSamples } from "./warnings.ts";

/** What is remembered of one side of a call to warn about it: the last few samples and two times. */
export interface QualityWatch {
  readonly window: readonly Sample[];
  /** Since when there has been no audio energy, and no new picture. */
  readonly silentSinceMs?: number;
  readonly stillSinceMs?: number;
  readonly raised: readonly QualityWarning[];
}

export interface WarningChange {
  readonly warning: QualityWarning;
  readonly raised: boolean;
  /** The time of the sample that changed it. */
  readonly t: number;
}

/** A client that was away sends what it measured meanwhile, and that is minutes. What is further off is another clock. */
const clockSetMs = 10 * 60_000;

export const newQualityWatch: QualityWatch = { window: [], raised: [] };

/**
 * Takes the next sample of a side and tells which warnings it raises and clears. A sample that is not newer than
 * the last one changes nothing: late and repeated ones count in summaries only. Where the client's clock was set, what
 * was measured before says nothing of how long anything lasts now.
 */
export function watchQuality(watch: QualityWatch, sample: Sample): readonly [QualityWatch, readonly WarningChange[]] {
  const last = watch.window.at(-1);
  const { t } = sample;
  const isClockSet = last !== undefined && Math.abs(t - last.t) > clockSetMs;
  if (last !== undefined && t <= last.t && !isClockSet) return [watch, []];
  const before = isClockSet ? newQualityWatch : watch;
  const window = [...before.window, sample].slice(-windowSamples);
  const silentSinceMs = since(before.silentSinceMs, sample.audioLevel, silentLevel, t);
  const stillSinceMs = since(before.stillSinceMs, sample.fps, Number.MIN_VALUE, t);
  const input = { window, silentForMs: elapsed(silentSinceMs, t), stillForMs: elapsed(stillSinceMs, t) };
  const raised = warnings.filter((warning) => warningRules[warning](input));
  const next = {
    window,
    ...(silentSinceMs === undefined ? {} : { silentSinceMs }),
    ...(stillSinceMs === undefined ? {} : { stillSinceMs }),
    raised,
  };
  return [next, changesBetween(watch.raised, raised, t)];
}

const warnings = Object.keys(warningRules) as QualityWarning[];

/** Since when a level has been under its threshold. A sample that does not know the level ends nothing. */
function since(sinceMs: number | undefined, level: number | undefined, threshold: number, t: number) {
  if (level === undefined) return sinceMs;
  return level < threshold ? (sinceMs ?? t) : undefined;
}

function elapsed(sinceMs: number | undefined, t: number): number {
  return sinceMs === undefined ? 0 : t - sinceMs;
}

function changesBetween(before: readonly QualityWarning[], after: readonly QualityWarning[], t: number) {
  return warnings
    .filter((warning) => before.includes(warning) !== after.includes(warning))
    .map((warning) => ({ warning, raised: after.includes(warning), t }));
}
