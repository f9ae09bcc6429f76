import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { JournalBatch } from "@echoo/core";
import { allSamples, FakeClock, MemoryJournal, pause, Scenario, ScenarioActor } from "@echoo/testkit";
import type { OpenJournal } from "../../src/journal/open-journal.ts";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { RecordWriter } from "../../src/records/record-writer.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** How it was made is said beside it. */
const made = join(import.meta.dirname, "journal-of-6fd1680", "journal.db");
const call = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A scenario's journal that is on the disk as well, where the last process left something. */
class JournalOnDisk extends MemoryJournal {
  readonly #disk: OpenJournal;

  constructor(disk: OpenJournal) {
    super();
    this.#disk = disk;
  }

  override commit(batch: JournalBatch): void {
    super.commit(batch);
    this.#disk.commit(batch);
  }

  override load() {
    const { live, ended, ...beat } = this.#disk.load();
    return { live: [...live], ended: [...ended], ...beat };
  }

  override setCallAside(kind: "live" | "ended", callId: string, error: unknown): void {
    super.setCallAside(kind, callId, error);
    this.#disk.setCallAside(kind, callId, error);
  }
}

test("a journal that commit 6fd1680 wrote in the middle of calls is read: they go on, and all records are stored", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  copyFileSync(made, file);
  const refused: unknown[] = [];
  const onSetAside = (entry: unknown) => refused.push(entry);
  const disk = openSqliteJournal({ file, clock: new FakeClock(), onSetAside });
  const store = openSqliteStore({ pause, file: join(folder.path, "echoo.db") });
  try {
    const journal = new JournalOnDisk(disk);
    const scenario = new Scenario({ journal });
    const actor = (label: string, session?: string, token?: string) =>
      new ScenarioActor(scenario, scenario.device(label, { ...(session && { session }), ...(token && { token }) }));
    const [ann, bob] = [actor("ann", "session-33", "t1"), actor("bob", "session-34")];
    const [hal, ida] = [actor("hal", "session-42"), actor("ida", "session-43")];
    const [cleo, dan] = [actor("cleo", "session-36"), actor("dan", "session-37")];
    const [leo, gus] = [actor("leo (legacy)"), actor("gus", "session-41")];
    assert.equal(scenario.node.engine.activeCalls, 4);
    for (const one of [ann, bob, hal, ida, cleo, dan, leo, gus]) await one.resumes();
    await ann.connects({ callId: call(1) });
    await bob.connects({ callId: call(1) });
    await ida.answers({ callId: call(2), to: "hal" });
    await dan.answers({ callId: call(4), to: "cleo" });
    scenario.passes(10_000);
    await ann.hangsUp({ callId: call(1) });
    await hal.hangsUp({ callId: call(2) });
    await cleo.hangsUp({ callId: call(4) });
    assert.deepEqual(
      journal.records.map(({ callId, endReason, durationSec }) => `${callId} ${endReason} ${durationSec}`),
      // The app, which is at one end of the first, cannot come back to a call, and ends it by joining.
      ["fresh-48 hangup 14", `${call(1)} hangup 44`, `${call(2)} hangup 10`, `${call(4)} hangup 10`],
    );
    const eve = actor("eve");
    await eve.joins();
    await eve.offers("fay", { callId: call(0), id: "m1" });
    assert.equal(eve.last?.type === "error" && eve.last.code, "call_id_used");
    assert.deepEqual([refused, journal.asideEntries, scenario.node.faults], [[], [], []]);

    const onNoSummary = (error: unknown) => assert.fail(String(error));
    const options = { store, outbox: disk, clock: scenario.clock, random: () => 0, pause };
    const writer = new RecordWriter({ ...options, onNoSummary, onDegraded: onNoSummary });
    await writer.flush();
    await writer.stop();
    assert.equal((await store.calls.find(call(1)))?.durationSec, 44);
    assert.equal((await store.calls.find(call(0)))?.endedBy, "eve");
    assert.equal((await allSamples(store.statistics, call(0), "eve")).length, 1);
    const said = (await store.statistics.summaries([call(0)])).find(({ reporter }) => reporter === "fay");
    assert.match(said?.reported ?? "", /"quality":"good"/);
    assert.deepEqual(disk.pending(), { records: 0, samples: 0, droppedRecords: 0, droppedSamples: 0, setAside: 0 });
  } finally {
    await disk.close();
    await store.close();
    folder.remove();
  }
});
