import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { historyBench } from "../../src/history/history-bench.ts";
import { madeUpCalls, reader } from "../../src/history/made-up-history.ts";
import { writeReport } from "../../src/report/report.ts";

test("a made-up history has as many calls as asked for, and the reader's share of them", () => {
  const calls = [...madeUpCalls({ calls: 1000, own: 30 }, 1e12)];
  const own = calls.filter(({ caller, callee }) => caller === reader || callee === reader);
  assert.equal(calls.length, 1000);
  assert.equal(own.length, 30);
  assert.equal(new Set(calls.map(({ callId }) => callId)).size, 1000);
  assert.ok(calls.every(({ caller, callee }) => caller !== callee));
  assert.ok((own.at(-1)?.createdAtMs ?? 0) - (own[0]?.createdAtMs ?? 0) > 300 * 24 * 3_600_000);
});

test("the bench of histories measures every reading and writes a table", async () => {
  const folder = mkdtempSync(join(tmpdir(), "echoo-report-"));
  try {
    const report = await historyBench({
      stores: ["sqlite"],
      calls: 2_000,
      own: 400,
      rounds: 1,
      requests: 10,
      say: () => {},
    });
    writeReport(report, folder);
    const table = readFileSync(join(folder, "history.md"), "utf8");
    assert.equal(table.match(/^\| sqlite \|/gm)?.length, 5);
    const { data } = JSON.parse(readFileSync(join(folder, "history.json"), "utf8"));
    assert.ok(
      data.every(
        ({ small, large }: { small: { p99: number }; large: { p99: number } }) => small.p99 > 0 && large.p99 > 0,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
