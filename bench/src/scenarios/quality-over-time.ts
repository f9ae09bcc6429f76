import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  HourCount,
  putHour,
  type QualityDimension,
  qualityDimensions,
  readQuality,
  type StoredCall,
  type StoredSummary,
  sumHours,
} from "@echoo/core";
import { openSqliteStore } from "@echoo/storage";
import { pause, startMs } from "@echoo/testkit";
import { figureText } from "../report/verdict.ts";
import type { Scenario } from "./scenario.ts";

export interface QualitySize {
  readonly calls: number;
  /** Over which the calls are spread. */
  readonly days: number;
}

export const qualitySize: QualitySize = { calls: 1_000_000, days: 30 };

const hourMs = 3_600_000;
/** The groups that are shown by name. */
const shownGroups = 20;
const clients = Array.from({ length: 30 }, (_, n) => ({
  name: `app ${n % 6}`,
  version: `1.${n}`,
  platform: `p ${n % 5}`,
}));

type Store = ReturnType<typeof openSqliteStore>;

/** How long quality over time takes to tell, of so many calls, from the histograms of their hours. */
export const qualityOverTime: Scenario<QualitySize> = async ({ rounds, say }, size) => {
  const folder = mkdtempSync(join(tmpdir(), "echoo-quality-"));
  const store = openSqliteStore({ pause, file: join(folder, "echoo.db") });
  try {
    say(`  counting ${size.calls} calls…`);
    const countMs = await fill(store, size);
    const medians = new Map<QualityDimension, number>();
    for (const dimension of qualityDimensions) medians.set(dimension, await medianOf(rounds, store, size, dimension));
    return reportOf(size, medians, countMs);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Hour by hour, as a node counts them; tells how long one hour took in the middle. */
async function fill({ qualityHours }: Store, { calls, days }: QualitySize): Promise<number> {
  const hours = days * 24;
  const perHour = Math.ceil(calls / hours);
  const took: number[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const beganMs = performance.now();
    const atMs = startMs + hour * hourMs;
    const count = new HourCount();
    for (let n = 0; n < perHour; n++) count.add(...made(hour * perHour + n, atMs));
    await putHour(qualityHours, { hourMs: atMs, marks: 0 }, count, 0);
    took.push(performance.now() - beganMs);
  }
  return middle(took);
}

/** A call with both sides' figures, spread over all that there is. */
function made(n: number, createdAtMs: number): [StoredCall[], StoredSummary[]] {
  const callId = `c${n}`;
  const [callerClient = {}, calleeClient = {}] = [clients[n % 30], clients[(n * 7) % 30]];
  const call: StoredCall = {
    ...{ callId, caller: "1", callee: "2", isVideo: true, createdAtMs, answeredAtMs: createdAtMs + 4_000 },
    ...{
      connectedAtMs: createdAtMs + 4_200 + ((n * 37) % 3_000),
      endedAtMs: createdAtMs + 60_000,
      endReason: "hangup",
    },
    ...{ glare: false, reconnects: 0, durationSec: 56, server: { callerClient, calleeClient } },
  };
  const summaryOf = (reporter: string, k: number): StoredSummary => {
    const figure = (k * 2_654_435_761) % 1_000;
    const spread = (value: number) => ({ p50: value, p95: value * 2 });
    const path = { relayed: k % 4 === 0, network: (["wifi", "cellular", "ethernet"] as const)[k % 3] ?? "wifi" };
    const summary = {
      ...{
        mosModel: "g107-1" as const,
        samples: 28,
        coveredMs: 56_000,
        mos: { p50: 1 + figure / 300, p5: 1 },
        ...path,
      },
      ...{ rttMs: spread(10 + figure / 2), jitterMs: spread(figure / 30), lossPercent: spread(figure / 100) },
    } as const;
    return { callId, reporter, summary, updatedAtMs: createdAtMs };
  };
  return [[call], [summaryOf("1", n * 2), summaryOf("2", n * 2 + 1)]];
}

async function medianOf(rounds: number, { qualityHours }: Store, { days }: QualitySize, dimension: QualityDimension) {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const beganMs = performance.now();
    const hours = await readQuality(qualityHours, dimension, startMs, startMs + days * 24 * hourMs);
    if (sumHours(hours, shownGroups).length === 0) throw new Error(`nothing was counted by ${dimension}`);
    took.push(performance.now() - beganMs);
  }
  return middle(took);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function reportOf(size: QualitySize, medians: ReadonlyMap<QualityDimension, number>, countMs: number) {
  const { calls, days } = size;
  return {
    name: "quality",
    title: "Quality over time",
    method: [
      `${calls} calls of ${days} days are counted into histograms, hour by hour; then percentiles and shares of all of them are told by one dimension, from the file to the answer, in this process.`,
      `Counting one hour takes ${figureText(countMs)} ms, without reading its calls.`,
    ],
    columns: ["by", "answer"],
    rows: [...medians].map(([dimension, ms]) => [dimension, `${figureText(ms)} ms`]),
    verdicts: [...medians].map(([dimension, ms]) => ({
      what: `quality of ${calls} calls by ${dimension}`,
      figure: ms,
      limit: 200,
      unit: " ms",
    })),
    charts: [],
    versions: {},
    data: { calls, days, countMs, ...Object.fromEntries(medians) },
  };
}
