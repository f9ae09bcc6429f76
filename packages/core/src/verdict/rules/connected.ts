import { onASide, type Rule, recorded } from "../facts.ts";
import { lengthMs, longestGapMs, type Measured, measuredTimes } from "../measured-time.ts";
import type { SideView } from "../side-view.ts";
import { lostSignaling } from "./never-connected.ts";

const goneMs = 5_000;
const pathChanges = 3;
const pathWindowMs = 30_000;
const measuredMs = 10_000;
/** How far the first and the last sample may be from the ends of the call. */
const edgeMs = 7_000;

/** The record says so; how long media flowed on shows in the last sample of either side. */
export const lostSignalingInCall: Rule = (facts) => {
  const lost = lostSignaling(facts);
  const last = facts.both.flatMap((view) => view.samples.slice(-1).map((sample) => ({ view, sample })));
  return (
    lost && {
      evidence: [...lost.evidence, ...last.map(({ view, sample: { t } }) => view.measured("last media", t, t))],
    }
  );
};

/** By the last state that it told, and unless media came after that all the same. */
export const lostNetwork: Rule = onASide((view, { record }) => {
  const states = view.sinceHole.filter(({ kind }) => kind === "ice");
  const up = states.findLastIndex(
    ({ state }) => state !== "disconnected" && state !== "failed" && state !== "checking",
  );
  const down = states.slice(up + 1).find(({ state }) => state === "disconnected" || state === "failed");
  if (down === undefined || record.endedAtMs - down.t < goneMs) return undefined;
  const flowed = view.samples.some(({ t, recvKbps = 0 }) => t > down.t + goneMs && recvKbps > 0);
  return flowed ? undefined : [view.saw(down)];
});

/** It ended by itself, no other took its place within 5 s, and the call went on for at least as long. */
export const lostDevice: Rule = onASide((view, { record }) => {
  const gone = view.of("track", "ended").find((ended) => {
    if (ended.side === "remote" || ended.cause === "user" || record.endedAtMs - ended.t < goneMs) return false;
    const isReplaced = view
      .of("track", "replaced")
      .some(({ media, t }) => media === ended.media && Math.abs(t - ended.t) <= goneMs);
    return !isReplaced;
  });
  return gone === undefined || !view.isWhole ? undefined : [view.saw(gone)];
});

export const blockedPlayback: Rule = onASide((view, { record }) => {
  const refused = view
    .spansOf("playback", record.endedAtMs)
    .find(({ event, fromMs, toMs }) => event.state === "refused" && toMs - fromMs >= goneMs);
  return refused === undefined || !view.isWhole ? undefined : [view.saw(refused.event)];
});

/** Three changes of the path within 30 s, by what the side told or by its samples. */
export const unstableNetwork: Rule = onASide((view) => {
  const told = view
    .of("pair")
    .slice(1)
    .map((event) => event.t);
  const changes = told.length > 0 ? told : changesIn(view);
  const at = changes.findIndex(
    (t, i) => (changes[i + pathChanges - 1] ?? Number.POSITIVE_INFINITY) - t <= pathWindowMs,
  );
  return at === -1 ? undefined : [view.measured("changes of path in 30 s", pathChanges, changes[at])];
});

function changesIn({ samples }: SideView): readonly number[] {
  const paths = samples.filter(({ pair }) => pair !== undefined);
  const nameOf = ({ pair, protocol, network }: SideView["samples"][number]) => `${pair} ${protocol} ${network}`;
  return paths.flatMap((sample, at) => {
    const before = paths[at - 1];
    return before !== undefined && nameOf(before) !== nameOf(sample) ? [sample.t] : [];
  });
}

/** By what the media took from the answer to come, however long the ring was. */
export const slowSetup: Rule = ({ record: { answeredAtMs, connectedAtMs } }) => {
  if (answeredAtMs === undefined || connectedAtMs === undefined || connectedAtMs - answeredAtMs <= goneMs)
    return undefined;
  return { evidence: [recorded(`media came ${connectedAtMs - answeredAtMs} ms after the answer`, connectedAtMs)] };
};

/** Both sides measured all of it, and no rule above found anything. */
export const good: Rule = ({ both, record }) => {
  const { connectedAtMs = record.answeredAtMs ?? record.createdAtMs, endedAtMs } = record;
  const isMeasured = both.every((view) => {
    const [first, last] = [view.samples[0], view.samples.at(-1)];
    if (first === undefined || last === undefined || last.t - first.t < measuredMs) return false;
    if (view.events.length > 0 && !view.isWhole) return false;
    if (first.t - connectedAtMs > edgeMs || endedAtMs - last.t > edgeMs) return false;
    return view.samples.every(({ t }, at) => t - (view.samples[at - 1]?.t ?? t) < longestGapMs);
  });
  if (!isMeasured) return undefined;
  return { evidence: both.map((view) => view.measured("measured", lengthMs(times(view)))) };
};

function times(view: SideView): readonly Measured[] {
  return measuredTimes(view.samples);
}
