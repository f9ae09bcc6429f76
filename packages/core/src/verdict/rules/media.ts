import type { Sample } from "@echoo/protocol";
import { silentLevel, warningThresholds } from "../../quality/warnings.ts";
import { type Facts, onASide, type Rule } from "../facts.ts";
import {
  lengthMs,
  longestGapMs,
  longestRun,
  type Measured,
  measuredTimes,
  overlap,
  shareOf,
} from "../measured-time.ts";
import type { SideView } from "../side-view.ts";
import type { Evidence } from "../verdict.ts";

const nothingMs = 10_000;
const everMs = 5_000;
const silentMs = 30_000;
const poorShare = 0.2;
const poorMs = 30_000;
const frozenShare = 0.3;
const longFreezeMs = 1_000;
const longFreezes = 3;
const limitedShare = 0.3;
const lowKbps = 100;
/** Concealment that is heard; quality.md has no threshold of its own for it. */
const concealedPercent = 10;

/** The rates of one kind of media; those of an audio call are all of sound. */
function rates(sample: Sample, media: "audio" | "video", isVideo: boolean) {
  const { audioRecvKbps, audioSendKbps, videoRecvKbps, videoSendKbps, recvKbps, sendKbps } = sample;
  if (media === "video") return { received: videoRecvKbps, sent: videoSendKbps };
  return {
    received: audioRecvKbps ?? (isVideo ? undefined : recvKbps),
    sent: audioSendKbps ?? (isVideo ? undefined : sendKbps),
  };
}

/** One side received nothing for 10 s, or ever, in which the other one's sent bytes rose. */
export function oneWay(media: "audio" | "video"): Rule {
  return onASide((view, facts) => {
    const other = view === facts.caller ? facts.callee : facts.caller;
    if (other.wasMuted(media)) return undefined;
    const { isVideo } = facts.record;
    const hidden = view.hidden(facts.record.endedAtMs);
    const sends = measuredTimes(other.samples).filter(({ sample }) => (rates(sample, media, isVideo).sent ?? 0) > 0);
    const isSilent = (one: Measured) =>
      rates(one.sample, media, isVideo).received === 0 &&
      sends.some((sent) => overlap(sent, one)) &&
      !hidden.some((span) => overlap(span, one));
    const all = measuredTimes(view.samples);
    const run = longestRun(all, isSilent);
    if (run === undefined) return undefined;
    const { connectedAtMs = facts.record.createdAtMs, endedAtMs } = facts.record;
    const [first, last] = [view.samples[0]?.t ?? 0, view.samples.at(-1)?.t ?? 0];
    // What was measured is all that there was, and not what is left of it.
    const isAll = first - connectedAtMs <= longestGapMs && endedAtMs - last <= longestGapMs;
    const isEver = isAll && all.length === view.samples.length - 1 && all.every(isSilent) && lengthMs(all) >= everMs;
    if (run.toMs - run.fromMs < nothingMs && !isEver) return undefined;
    return [view.measured(`no ${media} received, though it was sent (ms)`, run.toMs - run.fromMs, run.fromMs)];
  });
}

/** What the other side received of this one had no sound in it all along, and its user never muted it. */
export const silentMicrophone: Rule = onASide((view, facts) => {
  const other = view === facts.caller ? facts.callee : facts.caller;
  const hadSound = view.of("media").some(({ audio, error }) => audio === true && error === undefined);
  if (!view.isWhole || !hadSound || view.wasMuted("audio")) return undefined;
  const levels = measuredTimes(other.samples).filter(({ sample }) => sample.audioLevel !== undefined);
  if (levels.length === 0 || levels.some(({ sample }) => (sample.audioLevel ?? 1) >= silentLevel)) return undefined;
  if (lengthMs(levels) < silentMs) return undefined;
  return [other.measured("level of received sound below 0.0001 (ms)", lengthMs(levels))];
});

const ailments: readonly (readonly [string, (sample: Sample) => number | undefined, number])[] = [
  ["round trip", (sample) => sample.rttMs, warningThresholds.rttMs],
  ["loss", (sample) => sample.lossPercent, warningThresholds.lossPercent],
  ["jitter", (sample) => sample.jitterMs, warningThresholds.jitterMs],
  ["concealment", (sample) => sample.concealedPercent, concealedPercent],
];

/** The thresholds of the warnings, for more than a fifth of at least 30 s. */
export const poorAudio: Rule = onASide((view) => {
  const shares = ailments.flatMap(([name, figureOf, limit]): readonly Evidence[] => {
    const known = measuredTimes(view.samples).filter(({ sample }) => figureOf(sample) !== undefined);
    const share = shareOf(known, (sample) => (figureOf(sample) ?? 0) > limit);
    return lengthMs(known) >= poorMs && share > poorShare ? [view.measured(name, Math.round(share * 100) / 100)] : [];
  });
  return shares.length === 0 ? undefined : shares.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
});

/** While the picture was on the screen, and the other side sent one: without one a sample has no frame rate. */
export const frozenVideo: Rule = onASide((view, facts) => {
  // Whether the page was hidden is not known of a timeline with holes.
  if (view.events.length > 0 && !view.isWhole) return undefined;
  const other = view === facts.caller ? facts.callee : facts.caller;
  if (other.wasMuted("video")) return undefined;
  const hidden = view.hidden(facts.record.endedAtMs);
  const shown = measuredTimes(view.samples).filter(
    (one) => one.sample.freezeMs !== undefined && !hidden.some((span) => overlap(span, one)),
  );
  const frozenMs = shown.reduce((sum, { sample }) => sum + (sample.freezeMs ?? 0), 0);
  const long = shown.filter(({ sample }) => isLongFreeze(sample));
  const share = lengthMs(shown) < nothingMs ? 0 : frozenMs / lengthMs(shown);
  if (share <= frozenShare && long.length < longFreezes) return undefined;
  return [view.measured("frozen (ms)", frozenMs), view.measured("freezes of more than 1 s", long.length)];
});

function isLongFreeze({ freezeMs = 0, freezes = 1 }: Sample): boolean {
  return freezeMs / Math.max(1, freezes) > longFreezeMs;
}

/** Of a picture that is sent: without one a sample says nothing of limits. */
function limited(name: string, holds: (sample: Sample) => boolean): Rule {
  return onASide((view: SideView, _facts: Facts) => {
    const known = measuredTimes(view.samples).filter(({ sample }) => sample.limitation !== undefined);
    const share = shareOf(known, holds);
    if (lengthMs(known) < nothingMs || share <= limitedShare) return undefined;
    return [view.measured(name, Math.round(share * 100) / 100)];
  });
}

export const limitedByCpu = limited(
  "share of the time limited by the processor",
  ({ limitation }) => limitation === "cpu",
);
export const limitedByBandwidth = limited(
  "share of the time with less than 100 kbit/s",
  ({ limitation, availableKbps }) =>
    limitation === "bandwidth" || (availableKbps ?? Number.POSITIVE_INFINITY) < lowKbps,
);
