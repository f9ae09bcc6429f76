import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { auditFilesIn } from "../../src/audit/read-audit.ts";
import { eventsIn } from "../audit/events-in.ts";

/** Runs the writer with few descriptors, all of which it takes. */
async function withoutDescriptors(folder: string, entries: number, fileBytes: number) {
  const program = fileURLToPath(new URL("../../../server/test/audit/write-without-descriptors.ts", import.meta.url));
  const args = ["--conditions=source", "--import", "tsx", program, folder, String(entries), String(fileBytes)];
  const limited = ["-c", 'ulimit -n 128 && exec "$0" "$@"', process.execPath, ...args];
  const child = spawn("sh", limited, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [said] = await once(child, "message", { signal: AbortSignal.timeout(30_000) });
  await once(child, "close");
  return said as { readonly taken: number; readonly faults: readonly unknown[] };
}

for (const [what, fileBytes] of [
  ["into one file", 1e6],
  ["into files that are put away meanwhile", 300],
] as const) {
  test(`a process without a descriptor left loses no line, ${what}`, async (t) => {
    const { path: folder, remove } = temporaryFolder();
    t.after(remove);
    const said = await withoutDescriptors(folder, 100, fileBytes);
    assert.ok(said.taken > 0);
    assert.deepEqual(said.faults, []);
    const expected = ["started", ...Array.from({ length: 100 }, (_, i) => `event ${i}`)];
    assert.deepEqual(await eventsIn(folder), expected);
    assert.equal(auditFilesIn(folder).length > 1, fileBytes < 1e6);
  });
}
