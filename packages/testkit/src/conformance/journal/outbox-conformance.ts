import assert from "node:assert/strict";
import { endedCall, startMs } from "../ended-call.ts";
import { sampleBatch } from "../store/calls/statistics-conformance.ts";
import { endedEntry, journalBatch, loaded, tombstone } from "./journal-batch.ts";
import type { JournalCase } from "./journal-case.ts";

const tinyBounds = { queuedRecords: 3, queuedSamples: 2, queuedReports: 1, tombstones: 3 };
const tinyGroups = { groupChars: 1000 };
const noDrops = { droppedRecords: 0, droppedSamples: 0, setAside: 0 };
const said = { callId: "a", reporter: "+491", receivedAtMs: startMs, body: '{"caller":"+491","callee":"+492"}' };

export function outboxConformance(check: JournalCase): void {
  check("what was queued comes out in order, in groups, until it is dropped", ({ open }) => {
    const journal = open();
    journal.commit(journalBatch({ ended: [endedEntry("a")], samples: [sampleBatch("a", "+491", "n1")] }));
    journal.commit(journalBatch({ ended: [endedEntry("b"), { tombstone: tombstone("c") }], reported: [said] }));
    const first = journal.peek(2);
    assert.ok(first);
    assert.deepEqual(first.records, [endedCall("a")]);
    assert.deepEqual(first.samples, [sampleBatch("a", "+491", "n1")]);
    assert.deepEqual(journal.peek(2), first);
    assert.deepEqual(open().peek(2), first);
    journal.drop(first.throughSeq);
    const second = journal.peek(100);
    assert.ok(second);
    assert.deepEqual(second.records, [endedCall("b")]);
    assert.deepEqual(second.reported, [said]);
    journal.drop(first.throughSeq);
    assert.deepEqual(journal.peek(100), second);
    journal.drop(second.throughSeq);
    assert.equal(journal.peek(100), undefined);
    assert.equal(open().peek(100), undefined);
  });

  check("an old drop never takes what was queued after it", ({ open }) => {
    const journal = open();
    journal.commit(journalBatch({ ended: [endedEntry("a")] }));
    const group = journal.peek(10);
    assert.ok(group);
    journal.drop(group.throughSeq);
    journal.commit(journalBatch({ ended: [endedEntry("b")] }));
    journal.drop(group.throughSeq);
    assert.deepEqual(journal.peek(10)?.records, [endedCall("b")]);
  });

  check("an entry that the store refuses is set aside: it waits no longer, and is counted", ({ open }) => {
    const journal = open();
    journal.commit(journalBatch({ ended: [endedEntry("a"), endedEntry("b"), endedEntry("c")] }));
    const group = journal.begin(10);
    const refused = group?.records[1];
    assert.ok(group && refused);
    journal.setEntryAside(group.seqOf.get(refused) ?? 0, new Error("the store refused it"));
    journal.setEntryAside(group.seqOf.get(refused) ?? 0, new Error("the store refused it"));
    assert.deepEqual(open().peek(10)?.records, [endedCall("a"), endedCall("c")]);
    const counts = { records: 2, samples: 0, ...noDrops, setAside: 1 };
    assert.deepEqual([journal.pending(), open().pending()], [counts, counts]);
    journal.drop(group.throughSeq);
    assert.deepEqual(journal.pending(), { ...counts, records: 0 });
  });

  check("what a process died over comes alone in the next, and what two died over is set aside", ({ open }) => {
    const journal = open();
    journal.commit(journalBatch({ ended: ["a", "b", "c"].map((callId) => endedEntry(callId)) }));
    assert.equal(journal.begin(2)?.records.length, 2);
    const second = open();
    assert.equal(second.isSuspect, true);
    const first = second.begin(10);
    assert.deepEqual(first?.records, [endedCall("a")]);
    second.drop(first?.throughSeq ?? 0);
    assert.deepEqual(second.begin(10)?.records, [endedCall("b")]);
    const third = open();
    assert.deepEqual([third.pending().records, third.pending().setAside, third.isSuspect], [1, 1, false]);
    const last = third.begin(10);
    assert.deepEqual(last?.records, [endedCall("c")]);
    third.drop(last?.throughSeq ?? 0);
    // A number is never given to another entry, or the next one would be suspected.
    const fourth = open();
    fourth.commit(journalBatch({ ended: [endedEntry("d")] }));
    assert.equal(fourth.isSuspect, false);
  });

  check(
    "what is given back, and what is only there when a process dies, is nothing that processes die over",
    ({ open }) => {
      const journal = open();
      journal.commit(journalBatch({ ended: [endedEntry("a"), endedEntry("b")] }));
      journal.begin(10);
      journal.giveBack();
      assert.equal(open().isSuspect, false);
      journal.begin(10);
      for (const _start of [1, 2, 3]) assert.equal(open().isSuspect, true);
      assert.deepEqual(open().pending(), { records: 2, samples: 0, ...noDrops });
    },
  );

  check("what waits is counted, also by the next process", ({ open }) => {
    const journal = open();
    const batch = { ended: [endedEntry("a")], samples: [sampleBatch("a", "+491", "n1")], reported: [said] };
    journal.commit(journalBatch(batch));
    journal.commit(journalBatch({ live: [{ callId: "b", body: "{}" }] }));
    assert.deepEqual(journal.pending(), { records: 1, samples: 2, ...noDrops });
    const next = open();
    assert.deepEqual(next.pending(), { records: 1, samples: 2, ...noDrops });
    next.drop(next.peek(2)?.throughSeq ?? 0);
    assert.deepEqual(next.pending(), { records: 0, samples: 1, ...noDrops });
  });

  check(
    "past their bounds the oldest samples go, and of records and reports the newest; each is counted",
    ({ open }) => {
      const journal = open();
      const samples = [1, 2, 3, 4].map((i) => sampleBatch("a", "+491", `n${i}`));
      const later = { ...said, body: "{}" };
      journal.commit(journalBatch({ samples, reported: [said, later], ended: [endedEntry("a"), endedEntry("b")] }));
      assert.deepEqual(journal.pending(), {
        records: 2,
        samples: 3,
        droppedRecords: 0,
        droppedSamples: 3,
        setAside: 0,
      });
      journal.commit(journalBatch({ ended: [endedEntry("c"), endedEntry("d")] }));
      assert.deepEqual(journal.pending(), {
        records: 3,
        samples: 3,
        droppedRecords: 1,
        droppedSamples: 3,
        setAside: 0,
      });
      const group = journal.peek(100);
      assert.deepEqual(
        group?.records.map(({ callId }) => callId),
        ["a", "b", "c"],
      );
      assert.deepEqual(
        group?.samples.map(({ batch }) => batch),
        ["n3", "n4"],
      );
      assert.deepEqual(group?.reported, [said]);
      journal.drop(group?.throughSeq ?? 0);
      journal.commit(journalBatch({ ended: [endedEntry("e")], samples: samples.slice(0, 1) }));
      assert.deepEqual(journal.pending(), {
        records: 1,
        samples: 1,
        droppedRecords: 1,
        droppedSamples: 3,
        setAside: 0,
      });
    },
    tinyBounds,
  );

  check(
    "a group has a bound in characters, and one entry at the least",
    ({ open }) => {
      const journal = open();
      const samples = Array.from({ length: 40 }, (_, i) => sampleBatch("a", "+491", `n${i}`));
      journal.commit(journalBatch({ samples }));
      const found: string[][] = [];
      for (let group = journal.peek(100); group !== undefined; group = journal.peek(100)) {
        found.push(group.samples.map(({ batch }) => batch));
        journal.drop(group.throughSeq);
      }
      assert.deepEqual(
        found.flat(),
        samples.map(({ batch }) => batch),
      );
      const perGroup = Math.floor(tinyGroups.groupChars / JSON.stringify(samples[10]).length);
      assert.ok(found.every((group) => group.length <= perGroup + 1 && group.length > 0));
      const large = { ...said, body: JSON.stringify("x".repeat(tinyGroups.groupChars * 2)) };
      journal.commit(journalBatch({ reported: [large, said] }));
      assert.deepEqual(journal.peek(100)?.reported, [large]);
    },
    tinyGroups,
  );

  check("listeners hear of each commit that queues something, until they leave", ({ open }) => {
    const journal = open();
    let heard = 0;
    const leave = journal.onQueued(() => heard++);
    journal.commit(journalBatch({ live: [{ callId: "a", body: "{}" }] }));
    journal.commit(journalBatch({ ended: [{ tombstone: tombstone("a") }] }));
    assert.equal(heard, 0);
    journal.commit(journalBatch({ ended: [endedEntry("b")] }));
    journal.commit(journalBatch({ samples: [sampleBatch("b", "+491", "n1")] }));
    assert.equal(heard, 2);
    leave();
    journal.commit(journalBatch({ reported: [said] }));
    assert.equal(heard, 2);
  });

  check("an erased account's number is replaced in all that waits, and its statistics are dropped", ({ open }) => {
    const journal = open();
    const live = { callId: "l", body: JSON.stringify({ caller: "+491", callee: "+492", sdp: "+491" }) };
    journal.commit(
      journalBatch({
        live: [live],
        ended: [endedEntry("a", { endedBy: "+491", callerDevice: "+491" }), endedEntry("b", { caller: "+4911" })],
        samples: [sampleBatch("a", "+491", "n1"), sampleBatch("a", "+492", "n1")],
        reported: [said, { ...said, reporter: "+492" }],
      }),
    );
    journal.replaceUser("+491", "deleted:1");
    const found = open();
    const group = found.peek(100);
    assert.deepEqual(group?.records, [
      endedCall("a", { caller: "deleted:1", endedBy: "deleted:1", callerDevice: "+491" }),
      endedCall("b", { caller: "+4911" }),
    ]);
    assert.deepEqual(group?.samples, [sampleBatch("a", "+492", "n1")]);
    assert.deepEqual(group?.reported, [{ ...said, reporter: "+492", body: '{"caller":"deleted:1","callee":"+492"}' }]);
    assert.deepEqual(journal.pending(), { records: 2, samples: 2, ...noDrops });
    const { live: calls, ended } = loaded(found);
    assert.deepEqual(JSON.parse(calls[0]?.body ?? ""), { caller: "deleted:1", callee: "+492", sdp: "+491" });
    assert.equal(JSON.parse(ended[0]?.body ?? "").caller, "deleted:1");
  });
}
