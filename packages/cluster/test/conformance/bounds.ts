import assert from "node:assert/strict";
import { test } from "node:test";
import { endsPerUserMax, streamEntriesMax, waitingRecordsMax } from "../../src/bounds.ts";
import { type ClusterFixture, over, ringing } from "./cluster-fixture.ts";

/** Redis drops the oldest of a stream a block at a time. */
const blockEntries = 200;

/** How much a store holds, and what goes first. */
export function boundConformance(fixture: () => ClusterFixture): void {
  test("so many ends of a user's calls are remembered, and of one more the oldest is forgotten", async () => {
    const f = fixture();
    await f.nodes("n1");
    await f.joins("n1", "bob");
    for (let at = 0; at <= endsPerUserMax; at += 1) {
      await f.rings("n1", `c${at}`, "ann", "bob");
      const end = { tombstone: `{"call":${at}}` };
      await f.scripts.commit("n1", ringing(`c${at}`, "ann", "bob", { rev: 2, end }));
      await f.store.next();
    }
    const { ends } = await f.joins("n1", "ann");
    assert.deepEqual([ends.length, ends[0], ends.at(-1)], [endsPerUserMax, `{"call":${endsPerUserMax}}`, '{"call":1}']);
  });

  test("so many entries wait in a node's stream, and of one more the oldest is dropped", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.store.fill("stream", "n2", streamEntriesMax);
    await f.scripts.tell("n1", { to: "n2", text: "before the last" });
    for (let at = 1; at < blockEntries; at += 1) await f.scripts.tell("n1", { to: "n2", text: "one more" });
    await f.scripts.tell("n1", { to: "n2", text: "the last" });
    const mail = await f.mail("n2");
    assert.ok(mail.length >= streamEntriesMax && mail.length <= streamEntriesMax + blockEntries, String(mail.length));
    assert.deepEqual(
      [mail.includes("filled 0"), mail.includes("before the last"), mail.at(-1)],
      [false, true, "the last"],
    );
  });

  test("so many records wait for the database, and one more is left to the disk of its node", async () => {
    const f = fixture();
    await f.nodes("n1");
    await f.joins("n1", "bob");
    await f.store.fill("records", "", waitingRecordsMax - 1);
    const ends = async (callId: string) => {
      await f.rings("n1", callId, "ann", "bob");
      const reply = await f.scripts.commit("n1", ringing(callId, "ann", "bob", { rev: 2, end: over }));
      return reply.code === "ok" ? reply.recordId : assert.fail(reply.code);
    };
    const last = await ends("c1");
    assert.ok(last !== undefined);
    assert.equal(await ends("c2"), undefined);
    assert.deepEqual((await f.joins("n1", "ann")).ends.length, 2);
    await f.scripts.recordsStored([last]);
    assert.ok((await ends("c3")) !== undefined);
  });
}
