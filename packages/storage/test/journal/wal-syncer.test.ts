import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { WalSyncer } from "../../src/journal/wal-syncer.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

test("commits of one moment share one sync, which begins within 20 ms of the first", async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "journal.db-wal");
  closeSync(openSync(path, "w"));
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const syncer = new WalSyncer(path, clock, (error) => faults.push(error));
  try {
    syncer.wrote();
    clock.advance(5);
    syncer.wrote();
    assert.equal(syncer.isDirty, true);
    assert.equal(clock.pendingTimers, 1);
    clock.advance(15);
    assert.equal(syncer.isDirty, false);
    assert.equal(clock.pendingTimers, 0);
    // During the sync: it begins anew when that one is done, and waits for no timer.
    syncer.wrote();
    assert.equal(clock.pendingTimers, 0);
    assert.equal(syncer.isDirty, true);
    await syncer.settled();
    assert.equal(syncer.isDirty, false);
    assert.deepEqual(faults, []);
  } finally {
    await syncer.close();
    folder.remove();
  }
});

test("a sync that fails is told", async () => {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  // A device without storage cannot be synced.
  const syncer = new WalSyncer("/dev/null", clock, (error) => faults.push(error));
  syncer.wrote();
  clock.advance(20);
  await syncer.settled();
  await syncer.close();
  assert.equal(faults.length, 1);
});
