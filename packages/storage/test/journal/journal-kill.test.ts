import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FakeClock } from "@echoo/testkit";
import Database from "libsql";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const program = fileURLToPath(new URL("commit-loop.ts", import.meta.url));

/** Lets a process commit until it has acknowledged some, kills it, and tells the last number it acknowledged. */
async function killWhileCommitting(file: string, from: number, commits: number): Promise<number> {
  const args = ["--conditions=source", "--import", "tsx", program, file, String(from)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  let acknowledged = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    // Lines that the pipe still holds are read to the end: they were acknowledged too.
    if (acknowledged === from + commits) child.kill("SIGKILL");
  }
  assert.deepEqual(await exit, [null, "SIGKILL"]);
  return acknowledged;
}

test("a journal that is killed while it commits has lost nothing it acknowledged, and is sound", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  try {
    let from = 0;
    for (const commits of [1, 40, 333]) {
      const acknowledged = await killWhileCommitting(file, from, commits);
      const raw = new Database(file);
      assert.deepEqual(raw.pragma("integrity_check"), [{ integrity_check: "ok" }]);
      raw.close();
      const journal = openSqliteJournal({ file, clock: new FakeClock() });
      const queued = journal.peek(100_000)?.records.map((record) => record.callId) ?? [];
      const loaded = journal.load();
      const [live, ended] = [[...loaded.live], [...loaded.ended]];
      await journal.close();
      // The last commit may be there without its acknowledgement, and nothing may be there in part.
      const last = queued.length - 1;
      assert.ok(last === acknowledged || last === acknowledged + 1, `${last} for ${acknowledged}`);
      assert.deepEqual(
        queued,
        Array.from({ length: last + 1 }, (_, i) => `call ${i}`),
      );
      assert.equal(JSON.parse(live[0]?.body ?? "{}").i, last);
      assert.equal(ended.length, last + 1);
      from = last + 1;
    }
  } finally {
    folder.remove();
  }
});
