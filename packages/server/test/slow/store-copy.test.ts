import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tableNames } from "@echoo/storage";
import { openMongoStore } from "@echoo/storage/mongodb";
import type { CopyMark } from "@echoo/storage/testing";
import { pause, requireService, startMs } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { copyFixture } from "./copy-fixture.ts";
import { dumpTables } from "./dump-tables.ts";
import { storeFile } from "./store-file.ts";

describe("echoo store copy between SQLite and MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = copyFixture();

  it("brings everything to MongoDB and back, byte for byte, however hostile it is", async () => {
    const { copy, database, sqlite, uri } = fixture();
    const [there, between, back] = [sqlite("there"), database("round"), sqlite("back")];
    await storeFile("fill", there.file, "0");
    const forth = await copy(there.place, between.place);
    assert.deepEqual([forth.code, /Both hold the same/.test(forth.stdout)], [0, true], forth.stderr);
    const store = openMongoStore({ pause, uri, database: between.name, clock: systemClock, onAway() {}, onReady() {} });
    const dump = await dumpTables(store.tables({ nowMs: startMs }));
    await store.close();
    assert.ok(dump === (await storeFile("dump", there.file)), "the database holds what the file holds");
    assert.equal((await copy(between.place, back.place)).code, 0);
    assert.ok((await storeFile("dump", back.file)) === dump, "the second file holds what the database holds");
    assert.ok(dump.split("\n").length > 150, "there was something to copy");
    const again = await copy(between.place, back.place);
    assert.equal(again.code, 0);
    assert.match(again.stderr, /both hold the same already; nothing was copied/);
  });

  it("names the entries that differ, are missing or were added, and fails", async () => {
    const { copy, database, raw, sqlite } = fixture();
    const [there, target] = [sqlite("tampered"), database("tampered")];
    await storeFile("fill", there.file, "50");
    assert.equal((await copy(there.place, target.place)).code, 0);
    const calls = raw.db(target.name).collection<{ _id: string }>("calls");
    await calls.updateOne({ _id: "call-000000007" }, { $inc: { durationSec: 1 } });
    await calls.deleteOne({ _id: "call-000000009" });
    await raw.db(target.name).collection<{ _id: string }>("users").insertOne({ _id: "+4900" });
    const compared = await copy(there.place, target.place, "--verify-only");
    assert.equal(compared.code, 1);
    const said = compared.stdout.split("\n").filter((line) => line.startsWith("  "));
    assert.deepEqual(said, [
      '  users "+4900" is in the target alone',
      '  calls "call-000000007" differs',
      '  calls "call-000000009" is missing in the target',
    ]);
    assert.match(compared.stdout, /They differ in users, calls\./);
    const refused = await copy(there.place, target.place);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /nothing was copied. Choose an empty database/);
  });

  it("begins again where the source went on meanwhile, if it is told to", async () => {
    const { copy, database, raw, sqlite } = fixture();
    const [there, target] = [sqlite("moved-on"), database("moved-on")];
    await storeFile("fill", there.file, "50");
    const doneTables = tableNames.slice(0, tableNames.indexOf("statistics"));
    const marks = raw.db(target.name).collection<CopyMark & { _id: string }>("meta");
    await marks.insertOne({ _id: "copy", from: `sqlite:${there.file}`, doneTables });
    await raw.db(target.name).collection<{ _id: string }>("calls").insertOne({ _id: "of an earlier day" });
    const differing = await copy(there.place, target.place);
    assert.equal(differing.code, 1);
    assert.match(differing.stderr, /stays marked as unfinished.*--start-over/);
    const afresh = await copy(there.place, target.place, "--start-over");
    assert.equal(afresh.code, 0, afresh.stderr);
  });

  it("refuses a source that is not there, the same place twice, and says nothing of passwords", async () => {
    const { copy, database, sqlite } = fixture();
    const missing = await copy("sqlite:/nowhere/echoo.db", database("never").place);
    assert.match(missing.stderr, /\/nowhere\/echoo\.db does not exist/);
    const same = await copy("mongodb://ann:s3cret@localhost/x", "mongodb://127.0.0.1:27017/x");
    assert.deepEqual([same.code, same.stderr.trim()], [2, "echoo: --from and --to name the same store"]);
    const empty = await copy(database("empty").place, sqlite("never").place);
    assert.match(empty.stderr, /has nothing in it: is it the right place\?/);
    for (const bad of ["mongodb://ann:s3cret@", "mongodb://ann:s3/cret@h/x", "mongodb://ann:s3cr?et@h/x"]) {
      const { code, stdout, stderr } = await copy(bad, sqlite("never").place);
      assert.equal(code, 2, bad);
      assert.doesNotMatch(stdout + stderr, /s3|cret|ann/);
    }
    const away = await copy("mongodb://ann:s3cret@127.0.0.1:1/x", sqlite("never").place);
    assert.equal(away.code, 1);
    assert.match(away.stderr, /the database does not answer: .*127\.0\.0\.1:1/);
    assert.doesNotMatch(away.stderr, /s3cret/);
  });
});
