import type { QualityLevel, Sample } from "@echoo/protocol";

/**
 * The E-model of ITU-T G.107, simplified, as Echoo labels it wherever it stores an estimate. A number that changes
 * with the formula or its constants, so that figures of different versions are never compared.
 */
export const mosModel = "g107-1";

/** R of a call without any impairment: G.107's default for narrow-band telephony. */
const unimpairedR = 93.2;
/** Capture, encoding, packetising and playing out, which no browser reports. */
const deviceDelayMs = 20;
/** From this delay on people begin to talk over each other (G.107 by the approximation of Cole and Rosenbluth). */
const talkOverDelayMs = 177.3;
/** Bpl: how well the codec stands losses; in-band FEC repairs single ones. */
const lossRobustness = { plain: 10, fec: 20 } as const;
const lowestMos = 1;
const highestMos = 4.5;

/** Id: what the one-way delay from mouth to ear takes away from R. The second term counts past its threshold only. */
export function delayImpairment(delayMs: number): number {
  return 0.024 * delayMs + 0.11 * Math.max(0, delayMs - talkOverDelayMs);
}

/** Ie,eff with Ie 0: what random packet loss takes away from R. */
export function lossImpairment(lossPercent: number, options: { readonly fec?: boolean } = {}): number {
  const robustness = options.fec ? lossRobustness.fec : lossRobustness.plain;
  return (95 * lossPercent) / (lossPercent + robustness);
}

/**
 * The mean opinion score of an R (G.107, annex B). R is clamped to 0…100 first: beyond it the cubic turns and would
 * give the worst call the best score. The score is clamped to 1…4.5: for R between 0 and 6.5 the cubic dips below 1.
 */
export function mosOfR(r: number): number {
  const bounded = clamp(r, 0, 100);
  return clamp(1 + 0.035 * bounded + 7e-6 * bounded * (bounded - 60) * (100 - bounded), lowestMos, highestMos);
}

/**
 * How a listener would judge what this side hears, 1…4.5, or undefined where that cannot be known.
 *
 * G.107 makes R from the absolute delay (Ta) and the packet loss (Ppl), so the round trip and the received loss are
 * needed: assuming either to be 0 would score a call of which nothing is known as excellent. The jitter buffer is
 * the smaller part of the delay and the shipped app never reports it: unknown, it counts as 0 ms, which flatters a
 * call by about 0.05 at most for a buffer of 60 ms. Jitter itself is no input: it hurts as buffer delay or as loss.
 */
export function estimateMos(
  sample: Pick<Sample, "rttMs" | "lossPercent" | "jitterBufferMs">,
  options: { readonly fec?: boolean } = {},
): number | undefined {
  const { rttMs, lossPercent, jitterBufferMs = 0 } = sample;
  if (rttMs === undefined || lossPercent === undefined) return undefined;
  const delayMs = rttMs / 2 + jitterBufferMs + deviceDelayMs;
  return mosOfR(unimpairedR - delayImpairment(delayMs) - lossImpairment(lossPercent, options));
}

/** The three words that people are shown instead of a score. */
export function qualityLevel(mos: number): QualityLevel {
  if (mos >= 4) return "good";
  return mos >= 3.1 ? "moderate" : "poor";
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
