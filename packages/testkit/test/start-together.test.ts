import assert from "node:assert/strict";
import { test } from "node:test";
import { startTogether } from "../src/start-together.ts";

/** Something to start, which notes its end. */
function fake(name: string, ended: string[]) {
  const end = async () => void ended.push(name);
  return { browser: { name, close: end }, server: { name, stop: end } };
}

test("what is started together comes in its order, and is left to the one who asked for it", async () => {
  const ended: string[] = [];
  const [server, browser] = await startTogether([
    Promise.resolve(fake("server", ended).server),
    Promise.resolve(fake("browser", ended).browser),
  ]);
  assert.deepEqual([server.name, browser.name, ended], ["server", "browser", []]);
});

test("where one does not start, those that do are ended before its error goes up, also the ones that take longer", async () => {
  const ended: string[] = [];
  const broken = Promise.reject(new Error("no server"));
  const late = new Promise<ReturnType<typeof fake>["browser"]>((resolve) =>
    setImmediate(() => resolve(fake("browser", ended).browser)),
  );
  const early = Promise.resolve(fake("another server", ended).server);
  await assert.rejects(startTogether([broken, late, early]), /no server/);
  assert.deepEqual(ended.toSorted(), ["another server", "browser"]);
});

test("one that cannot be ended hides neither the error nor the others", async () => {
  const ended: string[] = [];
  const stuck = Promise.resolve({ close: () => Promise.reject(new Error("stuck")) });
  const broken = Promise.reject(new Error("no server"));
  await assert.rejects(startTogether([stuck, broken, Promise.resolve(fake("c", ended).server)]), /no server/);
  assert.deepEqual(ended, ["c"]);
});
