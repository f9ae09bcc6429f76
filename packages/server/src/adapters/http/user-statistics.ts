import { type Instant, percentile, type Store, type StoredSummary, statusOf, type ViewedCall } from "@echoo/core";
import { limits, type UserStatistics } from "@echoo/protocol";
import { bestSummary } from "./call-body.ts";
import { groupBy } from "./group-by.ts";
import { instantOf } from "./instant.ts";

const dayMs = 24 * 3_600_000;
/** Calls that one answer sums up: the newest ones. */
const maxCalls = 20_000;

/** One call, as far as sums over many need it. */
interface CallFigures {
  readonly date: string;
  readonly answered: boolean;
  readonly missed: boolean;
  readonly durationSec: number;
  readonly mos: number | undefined;
  readonly dataUsedBytes: number;
}

/** A user's calls, minutes and quality over the last days (of UTC, today included), in all and by day. */
export async function userStatistics(
  store: Store,
  viewer: string,
  days: number,
  nowMs: Instant,
): Promise<UserStatistics> {
  const sinceMs = (Math.floor(nowMs / dayMs) - days + 1) * dayMs;
  const figures: CallFigures[] = [];
  let cursor: string | undefined;
  do {
    const at = cursor === undefined ? {} : { cursor };
    const page = await store.calls.page({ viewer, limit: limits.historyPage, sinceMs, ...at });
    const summaries = await store.statistics.summaries(page.calls.map(({ call }) => call.callId));
    const byCall = groupBy(summaries, (summary) => summary.callId);
    figures.push(...page.calls.map((viewed) => figuresOf(viewer, viewed, byCall.get(viewed.call.callId) ?? [])));
    cursor = page.nextCursor;
  } while (cursor !== undefined && figures.length < maxCalls);
  const byDay = [...groupBy(figures, (call) => call.date)].sort(([a], [b]) => a.localeCompare(b));
  return { ...totalsOf(figures), days: byDay.map(([date, calls]) => ({ date, ...totalsOf(calls) })) };
}

function figuresOf(viewer: string, { call }: ViewedCall, summaries: readonly StoredSummary[]): CallFigures {
  const own = summaries.find((summary) => summary.reporter === viewer)?.summary;
  return {
    date: instantOf(call.createdAtMs).slice(0, 10),
    answered: call.answeredAtMs !== undefined,
    missed: call.callee === viewer && statusOf(call) === "missed",
    durationSec: call.durationSec,
    mos: bestSummary(summaries, viewer)?.mos?.p50,
    dataUsedBytes: own?.dataUsedBytes ?? 0,
  };
}

function totalsOf(calls: readonly CallFigures[]): Omit<UserStatistics, "days"> {
  const answered = calls.filter((call) => call.answered).length;
  const scores = calls.flatMap((call) => call.mos ?? []).sort((a, b) => a - b);
  const seconds = sum(calls.map((call) => call.durationSec));
  return {
    calls: calls.length,
    minutes: Math.round(seconds / 6) / 10,
    missed: calls.filter((call) => call.missed).length,
    ...(calls.length === 0 ? {} : { answerRate: answered / calls.length }),
    ...(scores.length === 0 ? {} : { mos: mosPercentiles(scores) }),
    dataUsedBytes: sum(calls.map((call) => call.dataUsedBytes)),
  };
}

function mosPercentiles(sorted: readonly number[]): NonNullable<UserStatistics["mos"]> {
  return { p5: percentile(sorted, 5), p50: percentile(sorted, 50), p95: percentile(sorted, 95) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
