import assert from "node:assert/strict";
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Database from "libsql";
import { walDamage } from "../../src/sqlite/wal-damage.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const frameBytes = 24 + 4096;

/** A log of so many transactions, as it lies on the disk while its database is open. */
function logOf(t: TestContext, transactions: number) {
  const folder = temporaryFolder();
  const database = new Database(join(folder.path, "a.db"));
  t.after(() => {
    database.close();
    folder.remove();
  });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a); PRAGMA cache_size = 10");
  const log = join(folder.path, "a.db-wal");
  for (let n = 0; n < transactions; n += 1) database.exec("INSERT INTO t VALUES (randomblob(3000))");
  const copy = join(folder.path, "copy");
  const frames = () => Math.floor(readFileSync(log).length / frameBytes);
  const damaged = (change: (bytes: Buffer) => void) => {
    copyFileSync(log, copy);
    const bytes = readFileSync(copy);
    change(bytes);
    writeFileSync(copy, bytes);
    return walDamage(copy);
  };
  return { database, log, copy, frames, damaged };
}

test("a log that is whole, empty, or cut short in its last page as by a kill, is not damaged", (t) => {
  const { log, copy, damaged } = logOf(t, 20);
  assert.equal(walDamage(log), undefined);
  assert.equal(
    damaged(() => {}),
    undefined,
  );
  for (const bytes of [0, 31, 32, 32 + frameBytes, 32 + 3 * frameBytes + 1000]) {
    copyFileSync(log, copy);
    truncateSync(copy, bytes);
    assert.equal(walDamage(copy), undefined, `${bytes} bytes`);
  }
});

test("a broken page with finished transactions behind it is damage, wherever in the page the fault is", (t) => {
  const { damaged, frames } = logOf(t, 20);
  const total = frames();
  for (const at of [0, 9, 17, 24, 3000]) {
    const found = damaged((bytes) => {
      const place = 32 + 4 * frameBytes + at;
      bytes[place] = (bytes[place] ?? 0) ^ 1;
    });
    assert.equal(found?.readable, 4, `byte ${at}`);
    assert.ok((found?.lost ?? 0) >= total - 5, `byte ${at}: ${found?.lost} of ${total}`);
  }
});

test("a broken last page is what a kill leaves, and no damage", (t) => {
  const { damaged, frames } = logOf(t, 20);
  const at = 32 + (frames() - 1) * frameBytes + 2000;
  const flipEnd = (bytes: Buffer) => {
    // The transaction that it ends is not finished then.
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    bytes.writeUInt32BE(0, 32 + (frames() - 1) * frameBytes + 4);
  };
  assert.equal(damaged(flipEnd), undefined);
});

test("a log without a readable beginning is lost whole", (t) => {
  const { damaged, frames } = logOf(t, 5);
  const found = damaged((bytes) => void bytes.fill(0, 0, 4));
  assert.deepEqual(found, { readable: 0, lost: frames() });
});

test("pages of an earlier round of the log, and of a transaction that was rolled back, are no damage", (t) => {
  const { database, log } = logOf(t, 30);
  database.exec("PRAGMA wal_checkpoint(RESTART)");
  database.exec("INSERT INTO t VALUES (1)");
  assert.equal(walDamage(log), undefined);
  // Too large for the memory that it has, so that its pages go to the log before it ends.
  database.exec("BEGIN");
  for (let n = 0; n < 40; n += 1) database.exec("INSERT INTO t VALUES (randomblob(3000))");
  database.exec("ROLLBACK; INSERT INTO t VALUES (2)");
  assert.equal(walDamage(log), undefined);
});

/** The same log as a machine with the other order of bytes writes it: its checksums are of words in that order. */
function fromOtherMachine(bytes: Buffer): void {
  const isBig = bytes.readUInt32BE(0) === 0x377f0683;
  bytes.writeUInt32BE(isBig ? 0x377f0682 : 0x377f0683, 0);
  const word = (at: number) => (isBig ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const sum = (from: number, length: number, [a, b]: readonly [number, number]): [number, number] => {
    let [first, second] = [a, b];
    for (let at = from; at < from + length; at += 8) {
      first = (first + word(at) + second) >>> 0;
      second = (second + word(at + 4) + first) >>> 0;
    }
    return [first, second];
  };
  const put = ([first, second]: readonly [number, number], at: number) => {
    bytes.writeUInt32BE(first, at);
    bytes.writeUInt32BE(second, at + 4);
  };
  let checksum = sum(0, 24, [0, 0]);
  put(checksum, 24);
  for (let frame = 32; frame + frameBytes <= bytes.length; frame += frameBytes) {
    checksum = sum(frame + 24, 4096, sum(frame, 8, checksum));
    put(checksum, frame + 16);
  }
}

test("a log of a machine with the other order of bytes is read as well", (t) => {
  const { damaged } = logOf(t, 20);
  assert.equal(damaged(fromOtherMachine), undefined);
  const found = damaged((bytes) => {
    fromOtherMachine(bytes);
    const place = 32 + 4 * frameBytes + 3000;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
  });
  assert.equal(found?.readable, 4);
});
