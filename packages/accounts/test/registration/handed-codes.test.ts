import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Instant } from "@echoo/core";
import { createHandedCodes, handOverCode, type InvitedCode } from "../../src/registration/handed-codes.ts";

const lifeMs = 15 * 60_000;

/** A data folder of its own, the server that has it, and where the command leaves its codes. */
function started(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), "echoo-handed-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const place = { dataDir, secret: "server" };
  const folder = join(dataDir, "invited-codes");
  const namesIn = () => readdirSync(folder).sort();
  return { place, folder, handed: createHandedCodes(place), namesIn };
}

/** The files' times are those of the machine, so the codes are made in its time as well. */
function invited(id: string, madeAtMs: number): InvitedCode {
  return { id, madeAtMs: madeAtMs as Instant, expiresAtMs: (madeAtMs + lifeMs) as Instant, hash: `hash of ${id}` };
}

const madeAtMs = 1_700_000_000_000;

/** As if the file had been written then. */
function dated(file: string, atMs: number): void {
  utimesSync(file, atMs / 1000, atMs / 1000);
}

/** Leaves a code; gives the file that it lies in. */
function handOver(at: ReturnType<typeof started>, userId: string, code: InvitedCode): string {
  const before = existsSync(at.folder) ? at.namesIn() : [];
  handOverCode(at.place, userId, code);
  const name = at.namesIn().find((each) => !before.includes(each));
  assert.ok(name);
  dated(join(at.folder, name), code.madeAtMs);
  return join(at.folder, name);
}

test("a code that a command left is taken once, by its number and its server alone", async (t) => {
  const at = started(t);
  handOver(at, "+15550100", invited("a", madeAtMs));
  assert.equal(await at.handed.take("+15550101"), undefined);
  assert.equal(await createHandedCodes({ ...at.place, secret: "another" }).take("+15550100"), undefined);
  assert.deepEqual(await at.handed.take("+15550100"), invited("a", madeAtMs));
  assert.equal(await at.handed.take("+15550100"), undefined);
  assert.deepEqual(at.namesIn(), []);
});

test("of two requests at once one gets the code", async (t) => {
  const at = started(t);
  handOver(at, "+15550100", invited("a", madeAtMs));
  const taken = await Promise.all([at.handed.take("+15550100"), at.handed.take("+15550100")]);
  assert.deepEqual(
    taken.filter((each) => each !== undefined),
    [invited("a", madeAtMs)],
  );
});

test("a newer code takes the place of the one before, and no name or mode of a file tells it to others", async (t) => {
  const at = started(t);
  const file = handOver(at, "+15550100", invited("a", madeAtMs));
  handOverCode(at.place, "+15550100", invited("b", madeAtMs + 1000));
  assert.equal(at.namesIn().length, 1);
  assert.doesNotMatch(file.slice(at.folder.length), /5550100/);
  assert.deepEqual([statSync(at.folder).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o600]);
  assert.equal((await at.handed.take("+15550100"))?.id, "b");
});

test("what has expired in the folder is cleared away by the next code, files of others too, and nothing younger is", async (t) => {
  const at = started(t);
  const expired = handOver(at, "+15550100", invited("a", madeAtMs));
  const foreign = join(at.folder, "notes.txt");
  writeFileSync(foreign, "not ours");
  dated(foreign, madeAtMs);
  const good = handOver(at, "+15550101", invited("b", madeAtMs + 1000));
  handOverCode(at.place, "+15550102", invited("c", madeAtMs + lifeMs + 1000));
  assert.deepEqual([expired, foreign, good].map(existsSync), [false, false, true]);
  assert.equal((await at.handed.take("+15550101"))?.id, "b");
  assert.equal((await at.handed.take("+15550102"))?.id, "c");
});

test("a file of another program in the folder is left alone while it is young, and is no code", async (t) => {
  const at = started(t);
  handOver(at, "+15550100", invited("a", madeAtMs));
  const foreign = join(at.folder, "notes.txt");
  writeFileSync(foreign, "not ours");
  assert.equal((await at.handed.take("+15550100"))?.id, "a");
  assert.deepEqual(at.namesIn(), ["notes.txt"]);
});

test("a file that was half written, or holds something else, is no code and is gone", async (t) => {
  const at = started(t);
  for (const text of [undefined, "", "null", "[]", '{"id":"a"}', JSON.stringify({ ...invited("a", 0), hash: 7 })]) {
    const file = handOver(at, "+15550100", invited("a", madeAtMs));
    if (text === undefined) truncateSync(file, 20);
    else writeFileSync(file, text);
    assert.equal(await at.handed.take("+15550100"), undefined, text);
    assert.deepEqual(at.namesIn(), [], text);
  }
});

test("what a command that died left under its working name is no code, and is cleared away in its time", async (t) => {
  const at = started(t);
  const file = handOver(at, "+15550100", invited("a", madeAtMs));
  await at.handed.take("+15550100");
  writeFileSync(`${file}.new`, JSON.stringify(invited("a", madeAtMs)));
  dated(`${file}.new`, madeAtMs);
  assert.equal(await at.handed.take("+15550100"), undefined);
  handOverCode(at.place, "+15550101", invited("b", madeAtMs + lifeMs + 1000));
  assert.ok(!existsSync(`${file}.new`));
});

test("where no command ever left a code there is none, and the folder is not made by asking", async (t) => {
  const at = started(t);
  assert.equal(await at.handed.take("+15550100"), undefined);
  assert.ok(!existsSync(at.folder));
});
