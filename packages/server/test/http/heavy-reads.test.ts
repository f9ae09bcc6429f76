import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { HeavyReads } from "../../src/http/replies/heavy-reads.ts";

const limits = { running: 2, open: 5, openPerUser: 2 };

/** Reads that run until they are told to end, and the order in which they began. */
function scene() {
  const reads = new HeavyReads(limits);
  const begun: string[] = [];
  const start = (name: string, userId = name) => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = reads.run(userId, async (place) => {
      begun.push(name);
      await ended;
      return place;
    });
    return { done, end };
  };
  return { reads, begun, start };
}

const turn = () => new Promise(setImmediate);

test("so many reads run at a time, of one user one, and the others follow in the order of their coming", async () => {
  const { begun, start } = scene();
  const ann = start("ann 1", "ann");
  const again = start("ann 2", "ann");
  const bob = start("bob");
  const cleo = start("cleo");
  await turn();
  assert.deepEqual(begun, ["ann 1", "bob"]);
  bob.end();
  await bob.done;
  await turn();
  assert.deepEqual(begun, ["ann 1", "bob", "cleo"]);
  ann.end();
  await ann.done;
  await turn();
  assert.deepEqual(begun, ["ann 1", "bob", "cleo", "ann 2"]);
  for (const read of [again, cleo]) read.end();
  await Promise.all([again.done, cleo.done]);
});

test("one read past the bounds, a user's or the server's, is refused with the time to come back; the others go on", async () => {
  const { reads, start } = scene();
  const refusal = async (userId: string) => {
    const refused = await reads.run(userId, async () => "read").catch((error: unknown) => error);
    assert.ok(refused instanceof Refusal);
    assert.ok((refused.retryInMs ?? 0) > 0);
    return refused.code;
  };
  const open = [start("ann 1", "ann"), start("ann 2", "ann")];
  assert.equal(await refusal("ann"), "rate_limited");
  open.push(start("bob"), start("cleo"), start("dan"));
  assert.equal(await refusal("eve"), "unavailable");
  for (const read of open) read.end();
  await Promise.all(open.map(({ done }) => done));
  assert.equal(await reads.run("eve", async () => "read"), "read");
});

test("a read that waits for its client leaves its place to others, and is the next to get one", async () => {
  const { reads, begun, start } = scene();
  const order: string[] = [];
  let taken = () => {};
  const stalled = reads.run("slow", async (place) => {
    await place.aside(() => new Promise((resolve) => (taken = () => resolve())));
    order.push("slow");
  });
  const others = [start("ann"), start("bob"), start("cleo")] as const;
  await turn();
  assert.deepEqual(begun, ["ann", "bob"]);
  taken();
  await turn();
  assert.deepEqual(order, []);
  others[0].end();
  await stalled;
  assert.deepEqual(order, ["slow"]);
  for (const read of others) read.end();
  await Promise.all(others.map(({ done }) => done));
  assert.deepEqual(begun, ["ann", "bob", "cleo"]);
});

test("a read that fails, also while it waits for its client, gives up its place", async () => {
  const { reads, start } = scene();
  for (let n = 0; n < 10; n += 1) {
    const failed = reads.run("ann", async () => Promise.reject(new Error("no")));
    await assert.rejects(failed, /no/);
    const gone = reads.run("ann", (place) => place.aside(() => Promise.reject(new Error("gone"))));
    await assert.rejects(gone, /gone/);
  }
  const both = [start("ann"), start("bob")];
  for (const read of both) read.end();
  await Promise.all(both.map(({ done }) => done));
});
