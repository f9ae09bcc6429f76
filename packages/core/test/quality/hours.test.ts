import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { StoredCall, StoredSummary } from "../../src/ports/store.ts";
import type { QualityHour, QualityHours } from "../../src/ports/told/quality-hours.ts";
import { figureScales, histogramPercentile } from "../../src/quality/hours/figure-histogram.ts";
import { countedNamesMax, HourCount } from "../../src/quality/hours/hour-count.ts";
import { hourGroupsMax, otherGroup } from "../../src/quality/hours/hour-groups.ts";
import { putHour, readQuality } from "../../src/quality/hours/quality-days.ts";
import { sumHours } from "../../src/quality/hours/sum-hours.ts";
import { percentile } from "../../src/quality/percentile.ts";
import { record } from "../verdict/verdict-fixtures.ts";

const hourMs = Date.UTC(2026, 0, 1);

function call(id: number, client?: string): StoredCall {
  const server = client === undefined ? {} : { server: { callerClient: { name: client } } };
  return { ...record({ callId: `c${id}` }), ...server };
}

function scored(id: number, mos: number): StoredSummary {
  const summary = { mosModel: "g107-1", samples: 9, coveredMs: 9, mos: { p50: mos, p5: 1 } } as const;
  return { callId: `c${id}`, reporter: "5550001", summary, updatedAtMs: 0 };
}

function hourOf(count: HourCount, dimension: "all" | "client") {
  return { hourMs, dimension, groups: count.groups().get(dimension) ?? {} };
}

describe("an hour of quality", () => {
  it("is the same in whatever order its calls are counted", () => {
    const calls = fc.shuffledSubarray(
      Array.from({ length: 60 }, (_, n) => n),
      { minLength: 60, maxLength: 60 },
    );
    const counted = (order: readonly number[]) => {
      const count = new HourCount();
      for (const n of order) count.add([call(n, `client ${n % 7}`)], [scored(n, 1 + (n % 35) / 10)]);
      return JSON.stringify([...count.groups()]);
    };
    const expected = counted(Array.from({ length: 60 }, (_, n) => n));
    fc.assert(
      fc.property(calls, (order) => counted(order) === expected),
      { numRuns: 50 },
    );
  });

  it("keeps the 50 largest groups of a dimension, and the others as one", () => {
    const count = new HourCount();
    for (let n = 0; n < 60; n++)
      count.add(
        Array.from({ length: n < 5 ? 1 : 2 }, () => call(n, `client ${n}`)),
        [],
      );
    const { groups } = hourOf(count, "client");
    assert.equal(Object.keys(groups).length, hourGroupsMax + 1);
    assert.equal(groups["client 0"], undefined);
    assert.equal(
      Object.values(groups).reduce((sum, { sides }) => sum + sides, 0),
      (5 + 55 * 2) * 2,
    );
    const shown = sumHours([hourOf(count, "client")], 20);
    assert.deepEqual([shown.length, shown.at(-1)?.name], [21, otherGroup]);
    assert.equal(
      shown.reduce((sum, { sides }) => sum + sides, 0),
      (5 + 55 * 2) * 2,
    );
  });

  it("tells so many names apart while it counts, and one more is among the others", () => {
    const count = new HourCount();
    for (let n = 0; n < countedNamesMax + 5; n++) count.add([call(n, `client ${n}`)], []);
    const { groups } = hourOf(count, "client");
    const all = Object.values(groups).reduce((sum, { sides }) => sum + sides, 0);
    assert.equal(all, (countedNamesMax + 5) * 2);
    assert.equal(Object.keys(groups).length, hourGroupsMax + 1);
  });

  it("tells percentiles within 2.5 %, over many hours as over one", () => {
    const values = fc.array(fc.double({ noNaN: true, min: 0.2, max: 60_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, (list) => {
        const counts = new Map<number, number>();
        for (const value of list) {
          const bucket = figureScales.rttMs.bucketOf(value);
          counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
        }
        const sorted = list.toSorted((a, b) => a - b);
        for (const percent of [50, 95, 99]) {
          const [told, exact] = [histogramPercentile("rttMs", counts, percent) ?? 0, percentile(sorted, percent)];
          assert.ok(Math.abs(told - exact) <= 0.025 * exact + 0.01, `${told} for ${exact}`);
        }
      }),
    );
  });
});

describe("days of quality", () => {
  it("are the sums of their hours, and are read for hours where they are whole", async () => {
    const rows = new Map<string, QualityHour>();
    const asked: string[] = [];
    const hours: Pick<QualityHours, "put" | "read"> = {
      async put(_hour, some) {
        for (const row of some) rows.set(`${row.dimension} ${row.hourMs}`, row);
      },
      async read(dimension, fromMs, untilMs) {
        asked.push(dimension);
        return [...rows.values()].filter(
          (row) => row.dimension === dimension && row.hourMs >= fromMs && row.hourMs < untilMs,
        );
      },
    };
    for (let hour = 0; hour < 60; hour++) {
      const count = new HourCount();
      count.add([call(hour, `client ${hour % 3}`)], [scored(hour, 4)]);
      // Twice: a late summary counts its hour anew.
      for (const _ of [1, 2]) await putHour(hours, { hourMs: hourMs + hour * 3_600_000, marks: 0 }, count, 0);
    }
    asked.length = 0;
    const told = await readQuality(hours, "all", hourMs - 3_600_000, hourMs + 60 * 3_600_000);
    assert.deepEqual(asked, ["all", "all/day", "all"]);
    assert.equal(told.length, 2 + 12);
    assert.equal(sumHours(told, 20)[0]?.sides, 120);
    const within = await readQuality(hours, "all", hourMs + 3_600_000, hourMs + 5 * 3_600_000);
    assert.equal(sumHours(within, 20)[0]?.sides, 8);
  });
});
