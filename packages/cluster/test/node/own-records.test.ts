import assert from "node:assert/strict";
import { test } from "node:test";
import { ownWaitingRecordsMax } from "../../src/bounds.ts";
import { OwnRecords } from "../../src/node/own-records.ts";

function records() {
  const stored: (readonly string[])[] = [];
  return { stored, own: new OwnRecords({ recordsStored: async (ids) => void stored.push(ids) }) };
}

test("what the database has waits in the store no more; what was never there is nobody's affair", () => {
  const { stored, own } = records();
  own.add("a", "1-0");
  own.add("b", "2-0");
  own.stored(["a", "of a single node"]);
  own.stored(["a"]);
  own.stored(["b"]);
  assert.deepEqual(stored, [["1-0"], ["2-0"]]);
});

test("a node remembers so many records of its own, and of one more it leaves the oldest to the others", () => {
  const { stored, own } = records();
  for (let at = 0; at <= ownWaitingRecordsMax; at += 1) own.add(`call ${at}`, `${at}-0`);
  own.stored(["call 0", "call 1"]);
  assert.deepEqual(stored, [["1-0"]]);
});
