import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { requireService, spawnServer } from "@echoo/testkit";
import { copyFixture } from "./copy-fixture.ts";
import { storeFile } from "./store-file.ts";

describe("echoo store copy that is killed", { skip: requireService("mongodb") }, () => {
  const fixture = copyFixture();

  it("goes on where it was killed, and no server starts on the part until it is whole", async () => {
    const { copy, copyUntil, database, raw, sqlite, uri } = fixture();
    const [there, target] = [sqlite("killed"), database("killed")];
    await storeFile("fill", there.file, "12000");
    const killed = await copyUntil(there.place, target.place, (soFar, child) => {
      if (/calls: \d+ of \d+, [2-8]\d %/.test(soFar)) child.kill("SIGKILL");
    });
    assert.equal(killed.code, null, killed.stderr);
    const part = await raw.db(target.name).collection("calls").countDocuments();
    assert.ok(part > 2_000, `${part} calls were copied`);
    await assert.rejects(
      spawnServer({ env: { MONGODB_URI: uri, ECHOO_DB: target.name } }),
      /holds a part of what is copied from sqlite:.*run the same echoo store copy again/s,
    );
    const other = await copy(`sqlite:${there.file}`, target.place);
    assert.equal(other.code, 0, other.stderr);
    assert.match(other.stderr, /going on where the last copy stopped: /);
    const last = await copy(there.place, target.place, "--verify-only");
    assert.deepEqual([last.code, /Both hold the same/.test(last.stdout)], [0, true], last.stdout);
  });

  it("into a file it goes on as well", async () => {
    const { copy, copyUntil, database, sqlite } = fixture();
    const [there, between, target] = [sqlite("far"), database("into-file"), sqlite("resumed")];
    await storeFile("fill", there.file, "12000");
    assert.equal((await copy(there.place, between.place)).code, 0);
    const killed = await copyUntil(between.place, target.place, (soFar, child) => {
      if (/calls: \d+ of \d+, [2-8]\d %/.test(soFar)) child.kill("SIGKILL");
    });
    assert.equal(killed.code, null, killed.stderr);
    await assert.rejects(
      spawnServer({ env: { ECHOO_DATA: dirname(target.file), MONGODB_URI: "" } }),
      /echoo\.db holds a part of what is copied from mongodb:\/\//,
    );
    const resumed = await copy(between.place, target.place);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /going on where the last copy stopped: /);
    assert.ok(
      (await storeFile("dump", target.file)) === (await storeFile("dump", there.file)),
      "both files hold the same",
    );
  });
});
