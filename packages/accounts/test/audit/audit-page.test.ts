import assert from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { type AuditPageQuery, type AuditPosition, readAuditPage } from "../../src/audit/audit-page.ts";

const atMs = (n: number) => Date.UTC(2026, 0, 1) + n * 1000;
const line = (n: number, more: object = {}) =>
  `${JSON.stringify({ time: new Date(atMs(n)).toISOString(), event: "logged_in", outcome: "ok", note: String(n), ...more })}\n`;

function scene(t: TestContext) {
  const { path: folder, remove } = temporaryFolder();
  t.after(remove);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const page = async (query: Partial<AuditPageQuery>) => {
    const { entries, next } = await readAuditPage(folder, { limit: 100, looked: 1000, ...query });
    return { notes: entries.map(({ note }) => note), next };
  };
  return { folder, write, page };
}

const old = "audit-20260101T000000000Z.log";

test("entries come newest first, over files and in pages that repeat and skip none", async (t) => {
  const { write, page } = scene(t);
  write(old, line(1) + line(2) + line(3));
  write("audit.log", `${line(4)}half a li\n${line(5, { note: "ü".repeat(40_000) })}${line(6)}`);
  const whole = (await page({})).notes.map((note) => note?.slice(0, 2));
  assert.deepEqual(whole, ["6", "üü", "4", "3", "2", "1"]);
  const notes: (string | undefined)[] = [];
  let from: AuditPosition | undefined;
  do {
    const some = await page({ limit: 2, ...(from === undefined ? {} : { from }) });
    notes.push(...some.notes.map((note) => note?.slice(0, 2)));
    from = some.next;
  } while (from !== undefined);
  assert.deepEqual(notes, whole);
});

test("a page goes on where the last one ended, though its file was put away and another begun", async (t) => {
  const { folder, write, page } = scene(t);
  write("audit.log", line(1) + line(2) + line(3) + line(4));
  const { next } = await page({ limit: 2 });
  assert.ok(next);
  renameSync(join(folder, "audit.log"), join(folder, old));
  appendFileSync(join(folder, "audit.log"), line(5));
  assert.deepEqual((await page({ from: next })).notes, ["2", "1"]);
});

test("a page looks at so many entries and no more, and the next one goes on", async (t) => {
  const { write, page } = scene(t);
  write("audit.log", line(1, { event: "blocked" }) + [2, 3, 4].map((n) => line(n)).join(""));
  const first = await page({ event: "blocked", looked: 2 });
  assert.deepEqual(first.notes, []);
  assert.ok(first.next);
  assert.deepEqual((await page({ event: "blocked", looked: 2, from: first.next })).notes, ["1"]);
});

test("entries are found by time, and by the key of who did it or to whom", async (t) => {
  const { write, page } = scene(t);
  write("audit.log", line(1, { userKey: "a" }) + line(2, { otherKey: "a" }) + line(3, { userKey: "b" }));
  assert.deepEqual((await page({ userKey: "a" })).notes, ["2", "1"]);
  assert.deepEqual((await page({ sinceMs: atMs(2), untilMs: atMs(3) })).notes, ["2"]);
  assert.deepEqual((await page({ from: { file: "../secrets", before: 9 } })).notes, []);
});
