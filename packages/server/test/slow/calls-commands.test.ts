import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { runEchoo } from "./run-echoo.ts";

async function storedCall(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "echoo-calls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // In a process of its own: one that had the file open keeps others out of it.
  const { code, stderr } = await runEchoo([folder], { entry: new URL("./store-call.ts", import.meta.url) });
  assert.equal(code, 0, stderr);
  return folder;
}

async function run(folder: string, ...words: string[]) {
  const { code, stdout, stderr } = await runEchoo(["calls", ...words, "--store", `sqlite:${folder}`]);
  return { code, printed: stdout.split("\n").slice(0, -1), said: stderr };
}

describe("echoo calls", () => {
  it("why says what became of a call, by which rule, and how that is known", async (t) => {
    const { code, printed } = await run(await storedCall(t), "why", "c1");
    assert.equal(code, 0);
    assert.deepEqual(printed, [
      "playback_blocked (callee), sure",
      "The browser of the callee's device did not play the sound.",
      "→ Tap anywhere on the page, and allow sound for it in the browser's settings.",
      "",
      "The rule: a side's browser refused to play for 5 s.",
      "  +4.5 s  event callee playback refused",
    ]);
  });

  it("export prints a call as rtcstats", async (t) => {
    const { code, printed } = await run(await storedCall(t), "export", "c1");
    assert.deepEqual([code, printed.length, printed[0]], [0, 3, "RTCStatsDump"]);
  });

  it("say so where there is no such call", async (t) => {
    const { code, printed, said } = await run(await storedCall(t), "why", "c9");
    assert.deepEqual([code, printed.length], [1, 0]);
    assert.match(said, /^There is no call c9 in sqlite:/);
  });
});
