import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fingerprint, listFiles } from "../setup/fingerprint.mjs";
import { stateOfInstall } from "../setup/install.mjs";
import { holding } from "../setup/lock.mjs";
import { isNodeNewEnough } from "../setup/node-version.mjs";

/** A temporary folder with these files. */
function folder(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "echoo-setup-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const lockOf = (packages: Record<string, object>) => JSON.stringify({ packages });

test("Node 20.19 and whatever is newer will do, anything older will not", () => {
  for (const version of ["20.19.0", "20.20.2", "22.0.0", "24.1.0"]) assert.ok(isNodeNewEnough(version), version);
  for (const version of ["20.18.3", "18.20.0", "0.12.0"]) assert.ok(!isNodeNewEnough(version), version);
});

test("an installation counts by what it holds: a missing package or another version makes it stale", (t) => {
  const wanted = lockOf({ "": {}, "packages/core": {}, "node_modules/ws": { version: "8.0.0" } });
  const root = folder(t, { "package-lock.json": wanted });
  assert.equal(stateOfInstall(root), "missing");
  write(root, "node_modules/.package-lock.json", "{ half-writ");
  assert.equal(stateOfInstall(root), "missing");
  write(root, "node_modules/.package-lock.json", lockOf({}));
  assert.equal(stateOfInstall(root), "stale");
  write(root, "node_modules/.package-lock.json", lockOf({ "node_modules/ws": { version: "7.0.0" } }));
  assert.equal(stateOfInstall(root), "stale");
  write(root, "node_modules/.package-lock.json", lockOf({ "node_modules/ws": { version: "8.0.0" } }));
  assert.equal(stateOfInstall(root), "current");
});

test("a package for another system that npm left out does not make the installation stale", (t) => {
  const wanted = lockOf({ "node_modules/only-on-windows": { version: "1.0.0", optional: true } });
  const root = folder(t, { "package-lock.json": wanted, "node_modules/.package-lock.json": lockOf({}) });
  assert.equal(stateOfInstall(root), "current");
});

test("the fingerprint changes when a source is edited, added or removed, and not when a test or an output is", (t) => {
  const root = folder(t, { "a/src/one.ts": "1", "a/package.json": "{}" });
  const now = () => fingerprint(root, listFiles(root, ["a", "missing.json"]));
  const first = now();
  write(root, "a/dist/one.js", "1");
  write(root, "a/test/one.test.ts", "1");
  assert.equal(now(), first);
  write(root, "a/src/two.ts", "2");
  const second = now();
  assert.notEqual(second, first);
  utimesSync(join(root, "a/src/two.ts"), 1000, 1000);
  assert.notEqual(now(), second);
  rmSync(join(root, "a/src/two.ts"));
  assert.equal(now(), first);
});

test("two that want the lock take turns, and the lock is gone afterwards", async (t) => {
  const path = join(folder(t), "build.lock");
  const order: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = holding(path, async () => {
    order.push("first begins");
    await gate;
    order.push("first ends");
  });
  const second = holding(path, async () => order.push("second"));
  open();
  await Promise.all([first, second]);
  assert.deepEqual(order, ["first begins", "first ends", "second"]);
  assert.ok(!existsSync(path));
});

test("a lock whose process is gone is taken over", async (t) => {
  const path = join(folder(t), "build.lock");
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(path, String(gone));
  assert.equal(await holding(path, async () => "done"), "done");
});
