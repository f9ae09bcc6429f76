import type { Sample } from "@echoo/protocol";
import { estimateMos } from "./mos.ts";

/** What the rules look at, newest last. */
export interface WarningInput {
  /** The last samples, at most `windowSamples`. */
  readonly window: readonly Sample[];
  readonly silentForMs: number;
  readonly stillForMs: number;
}

/** As many samples as the longest rule needs. */
export const windowSamples = 7;
const recentSamples = 5;
const badOfRecent = 3;
const lossSamplesNeeded = 4;

/** Past these a figure is bad: of the warnings, and of a call that is looked at afterwards. */
export const warningThresholds = { rttMs: 400, jitterMs: 30, lossPercent: 3 } as const;

/** Below −80 dBov: a quiet room is louder, a dead microphone or a stalled track is not. */
export const silentLevel = 0.0001;

/**
 * What is wrong with one side at this moment: each rule says whether it holds, and a warning is up while its rule
 * holds. A figure that is not known is not bad. The keys are the names on the wire, in the dashboard and in metrics.
 */
export const warningRules = {
  high_rtt: ({ window }) => mostlyBad(window, (sample) => above(sample.rttMs, warningThresholds.rttMs)),
  high_jitter: ({ window }) => mostlyBad(window, (sample) => above(sample.jitterMs, warningThresholds.jitterMs)),
  high_loss: ({ window }) => above(meanLossPercent(window), warningThresholds.lossPercent),
  low_mos: ({ window }) => mostlyBad(window, (sample) => above(3.5, estimateMos(sample))),
  no_audio: ({ silentForMs }) => silentForMs >= 10_000,
  video_frozen: ({ window, stillForMs }) => stillForMs > 2_000 || above(window.at(-1)?.freezeMs, 2_000),
  cpu_limited: ({ window }) => window.findLast((sample) => sample.limitation !== undefined)?.limitation === "cpu",
} as const satisfies Record<string, (input: WarningInput) => boolean>;

export type QualityWarning = keyof typeof warningRules;

function mostlyBad(window: readonly Sample[], bad: (sample: Sample) => boolean): boolean {
  return window.slice(-recentSamples).filter(bad).length >= badOfRecent;
}

/** Over the whole window: one lost burst in a short time of knowing is not a loss of so many per cent. */
function meanLossPercent(window: readonly Sample[]): number | undefined {
  const known = window.flatMap((sample) => sample.lossPercent ?? []);
  if (window.length < windowSamples || known.length < lossSamplesNeeded) return undefined;
  return known.reduce((sum, percent) => sum + percent, 0) / known.length;
}

function above(value: number | undefined, limit: number | undefined): boolean {
  return value !== undefined && limit !== undefined && value > limit;
}
