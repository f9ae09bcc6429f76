import type { VerdictCode } from "@echoo/protocol";
import type { StoredCall, StoredSummary } from "../../ports/store.ts";
import { qualityLevel } from "../mos.ts";
import { figureScales, type QualityFigure } from "./figure-histogram.ts";
import {
  type HourGroup,
  type HourGroups,
  hourGroupsMax,
  otherGroup,
  type QualityDimension,
  qualityDimensions,
} from "./hour-groups.ts";

const unknownGroup = "unknown";
/** Names of one dimension that are told apart while an hour is counted; those that come later are `other`. */
export const countedNamesMax = 1_000;

interface CountedSide {
  readonly call: StoredCall;
  readonly summary: StoredSummary["summary"];
}

interface Tally {
  sides: number;
  answered: number;
  readonly levels: [number, number, number];
  readonly verdicts: Map<VerdictCode, number>;
  readonly figures: Map<QualityFigure, Map<number, number>>;
}

/** Counts the calls of an hour by every dimension, a few at a time; what is kept does not grow with their number. */
export class HourCount {
  readonly #tallies = new Map<QualityDimension, Map<string, Tally>>();

  /** Calls with the summaries of both sides of each. */
  add(calls: readonly StoredCall[], summaries: readonly StoredSummary[]): void {
    const bySide = new Map(summaries.map((one) => [`${one.callId} ${one.reporter}`, one.summary]));
    for (const call of calls) {
      for (const role of ["caller", "callee"] as const) {
        this.#addSide({ call, summary: bySide.get(`${call.callId} ${call[role]}`) }, role);
      }
    }
  }

  /** Adds what was counted before, such as an hour of a day. */
  addGroups(dimension: QualityDimension, groups: HourGroups): void {
    for (const [name, group] of Object.entries(groups)) addGroup(this.#tallyOf(dimension, name), group);
  }

  /** What the hour comes to: the largest groups by name, and the others as one. */
  groups(): ReadonlyMap<QualityDimension, HourGroups> {
    return new Map(
      qualityDimensions.map((dimension) => {
        const byName = [...(this.#tallies.get(dimension) ?? [])];
        const largest = byName.sort(([a, one], [b, two]) => two.sides - one.sides || (a < b ? -1 : 1));
        const named = largest.filter(([name]) => name !== otherGroup);
        const rest = [...named.slice(hourGroupsMax), ...largest.filter(([name]) => name === otherGroup)];
        const groups = named.slice(0, hourGroupsMax).map(([name, tally]) => [name, groupOf(tally)] as const);
        if (rest.length === 0) return [dimension, Object.fromEntries(groups)];
        const other = newTally();
        for (const [, tally] of rest) addTally(other, tally);
        return [dimension, Object.fromEntries([...groups, [otherGroup, groupOf(other)] as const])];
      }),
    );
  }

  #addSide(side: CountedSide, role: "caller" | "callee"): void {
    for (const [dimension, name] of Object.entries(namesOf(side, role))) {
      count(this.#tallyOf(dimension as QualityDimension, name), side);
    }
  }

  #tallyOf(dimension: QualityDimension, name: string): Tally {
    const tallies = this.#tallies.get(dimension) ?? new Map<string, Tally>();
    this.#tallies.set(dimension, tallies);
    const known = tallies.has(name) || tallies.size < countedNamesMax ? name : otherGroup;
    const tally = tallies.get(known) ?? newTally();
    tallies.set(known, tally);
    return tally;
  }
}

function namesOf({ call, summary }: CountedSide, role: "caller" | "callee"): Record<QualityDimension, string> {
  const client = role === "caller" ? call.server?.callerClient : call.server?.calleeClient;
  const { name = unknownGroup, version, platform = unknownGroup } = client ?? {};
  const relay = summary?.relayed === undefined ? unknownGroup : summary.relayed ? "relayed" : "direct";
  return {
    all: "",
    network: summary?.network ?? unknownGroup,
    relay,
    platform,
    client: name,
    version: version === undefined ? unknownGroup : `${name} ${version}`,
  };
}

const figuresOf: { readonly [F in QualityFigure]: (side: CountedSide) => number | undefined } = {
  mos: ({ summary }) => summary?.mos?.p50,
  rttMs: ({ summary }) => summary?.rttMs?.p50,
  jitterMs: ({ summary }) => summary?.jitterMs?.p50,
  lossPercent: ({ summary }) => summary?.lossPercent?.p50,
  setupMs: ({ call: { answeredAtMs, connectedAtMs } }) =>
    answeredAtMs === undefined || connectedAtMs === undefined ? undefined : Math.max(0, connectedAtMs - answeredAtMs),
};

function newTally(): Tally {
  return { sides: 0, answered: 0, levels: [0, 0, 0], verdicts: new Map(), figures: new Map() };
}

const levelAt = { good: 0, moderate: 1, poor: 2 } as const;

function count(tally: Tally, side: CountedSide): void {
  const { call } = side;
  tally.sides += 1;
  if (call.answeredAtMs !== undefined) tally.answered += 1;
  const mos = figuresOf.mos(side);
  if (mos !== undefined) tally.levels[levelAt[qualityLevel(mos)]] += 1;
  const code = call.verdict?.operator.code;
  if (code !== undefined) plus(tally.verdicts, code, 1);
  for (const figure of Object.keys(figuresOf) as QualityFigure[]) {
    const value = figuresOf[figure](side);
    if (value !== undefined) plus(countsOf(tally, figure), figureScales[figure].bucketOf(value), 1);
  }
}

function addTally(tally: Tally, other: Tally): void {
  addGroup(tally, groupOf(other));
}

function addGroup(tally: Tally, group: HourGroup): void {
  tally.sides += group.sides;
  tally.answered += group.answered;
  for (const at of [0, 1, 2] as const) tally.levels[at] += group.levels[at];
  for (const [code, times] of Object.entries(group.verdicts)) plus(tally.verdicts, code as VerdictCode, times);
  for (const [figure, counts] of Object.entries(group.figures)) {
    for (const [bucket, times] of counts) plus(countsOf(tally, figure as QualityFigure), bucket, times);
  }
}

function countsOf(tally: Tally, figure: QualityFigure): Map<number, number> {
  const counts = tally.figures.get(figure) ?? new Map<number, number>();
  tally.figures.set(figure, counts);
  return counts;
}

function plus<K>(counts: Map<K, number>, key: K, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

/** In an order of its own, so that the same hour is the same text. */
function groupOf({ sides, answered, levels, verdicts, figures }: Tally): HourGroup {
  const byCode = [...verdicts].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = (Object.keys(figureScales) as QualityFigure[]).flatMap((figure) => {
    const counts = figures.get(figure);
    return counts === undefined ? [] : [[figure, [...counts].sort(([a], [b]) => a - b)] as const];
  });
  return { sides, answered, levels, verdicts: Object.fromEntries(byCode), figures: Object.fromEntries(named) };
}
