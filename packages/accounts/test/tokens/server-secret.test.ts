import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { randomSecret } from "@echoo/testkit";
import { readServerSecret } from "../../src/tokens/server-secret.ts";

test("the server's secret is made once, kept for its owner alone, and a set one wins", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "echoo-secret-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const data = join(dir, "data");
  const first = readServerSecret(data, undefined, randomSecret);
  assert.ok(first.length >= 32);
  assert.equal(readServerSecret(data, undefined, randomSecret), first);
  assert.equal(statSync(join(data, "server-secret")).mode & 0o777, 0o600);
  assert.equal(readServerSecret(data, "s".repeat(32), randomSecret), "s".repeat(32));
  writeFileSync(join(data, "server-secret"), "");
  assert.throws(() => readServerSecret(data, undefined, randomSecret), /is damaged/);
});
