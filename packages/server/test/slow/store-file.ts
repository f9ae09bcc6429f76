import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteJournal, openSqliteStore } from "@echoo/storage";
import { endedCall, pause, realClock, startMs } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { dumpTables } from "./dump-tables.ts";
import { fillWithCalls, fillWithEverything } from "./grown-store.ts";
import { runEchoo } from "./run-echoo.ts";

/**
 * Work on an embedded store, each in a process of its own: the binding lets go of a closed file when its statements are
 * collected, and the commands under test want it for themselves.
 */
const works = {
  /** Fills it with everything, and with so many calls. */
  async fill(file: string, calls: string) {
    const store = openSqliteStore({ pause, file });
    await fillWithEverything(store);
    await fillWithCalls(store, Number(calls));
  },
  async dump(file: string) {
    const store = openSqliteStore({ pause, file, exclusive: true });
    process.stdout.write(await dumpTables(store.tables({ nowMs: startMs })));
  },
  /** Leaves one call in the store and one in the journal, as a server that is killed in between does. */
  async leave(file: string) {
    const call = { caller: "5550001", callee: "5550002", createdAtMs: systemClock.now() };
    const store = openSqliteStore({ pause, file });
    await store.calls.record([endedCall("stored", call)]);
    const journal = openSqliteJournal({ clock: realClock, file: join(dirname(file), "journal.db") });
    const record = endedCall("waiting", { ...call, createdAtMs: call.createdAtMs + 1 });
    const { callId: id, caller, callee, isVideo, endReason, endedAtMs } = record;
    const finished = { state: "ended", id, aliases: [], caller, callee, isVideo, endReason, endedAtMs, devices: [] };
    const body = JSON.stringify({ ...finished, answered: true, callerOnly: false });
    const tombstone = { callId: record.callId, body, expiresAtMs: record.endedAtMs + 1 };
    journal.commit({ live: [], ended: [{ tombstone, record }], samples: [], reported: [] });
  },
} satisfies Readonly<Record<string, (file: string, more: string) => Promise<void>>>;

export async function storeFile(work: keyof typeof works, file: string, more = ""): Promise<string> {
  const { code, stdout, stderr } = await runEchoo([work, file, more], { entry: new URL(import.meta.url) });
  assert.equal(code, 0, stderr);
  return stdout;
}

const [, script = "", work = "", file = "", more = ""] = process.argv;
if (realpathSync(script) === fileURLToPath(import.meta.url)) {
  await works[work as keyof typeof works](file, more);
}
