import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { requireNetworks, TwoNetworks } from "@echoo/testkit";

const skip = await requireNetworks();
const namespaces = () => execFileSync("ip", ["netns", "list"], { encoding: "utf8" });

test("networks that a killed test left behind are removed by the next one, and its own when it is done", {
  skip,
}, async () => {
  const gone = spawn("true");
  await once(gone, "exit");
  const left = `echoo-${gone.pid}-router`;
  execFileSync("ip", ["netns", "add", left]);
  // One of a process that lives is somebody's.
  const another = `echoo-${process.ppid}-router`;
  execFileSync("ip", ["netns", "add", another]);
  const done: (() => Promise<void>)[] = [];
  try {
    const networks = await TwoNetworks.create({ after: (run) => void done.push(run) });
    assert.ok(!namespaces().includes(left));
    assert.ok(namespaces().includes(another));
    assert.ok(namespaces().includes(networks.ann.namespace));
  } finally {
    for (const run of done) await run();
    execFileSync("ip", ["netns", "del", another]);
  }
  assert.ok(!namespaces().includes(`echoo-${process.pid}-`));
});
