import assert from "node:assert/strict";
import type { Journal } from "@echoo/core";
import { startMs } from "../ended-call.ts";
import { endedEntry, journalBatch, loaded, tombstone } from "./journal-batch.ts";
import type { JournalCase } from "./journal-case.ts";

const tinyBounds = { queuedRecords: 3, queuedSamples: 2, tombstones: 3 };

export function liveConformance(check: JournalCase): void {
  check("a new journal holds nothing", ({ open }) => {
    const journal = open();
    assert.deepEqual(loaded(journal), { live: [], ended: [] });
    assert.equal(journal.peek(10), undefined);
  });

  check("an unfinished call is there after a crash as it was last committed", ({ open }) => {
    const body = JSON.stringify({ sdp: "v=0\r\n".repeat(2000), odd: "\0\ud800🙂" });
    const journal = open();
    journal.commit(journalBatch({ live: [{ callId: "a", body: "{}" }] }));
    journal.commit(
      journalBatch({
        live: [
          { callId: "b", body: "{}" },
          { callId: "a", body },
        ],
      }),
    );
    assert.deepEqual(loaded(open()).live, [
      { callId: "a", body },
      { callId: "b", body: "{}" },
    ]);
  });

  check("what became of a call is within its body after a crash, and a new body takes its place", ({ open }) => {
    const change = (number: number, text: object) => ({ callId: "a", number, change: JSON.stringify(text) });
    const journal = open();
    const body = JSON.stringify({ state: "calling", odd: "\0\ud800🙂", expiresAtMs: 1, callerCandidates: [null] });
    journal.commit(
      journalBatch({
        live: [
          { callId: "a", body },
          { callId: "b", body: "{}" },
        ],
      }),
    );
    journal.commit(journalBatch({ live: [change(1, { set: { state: "ringing", sdp: "v=0" } })] }));
    journal.commit(journalBatch({ live: [change(2, { more: { callerCandidates: [{ candidate: "1" }] } })] }));
    journal.commit(journalBatch({ live: [change(3, { set: { state: "connecting" }, gone: ["expiresAtMs"] })] }));
    const [first, other] = loaded(open()).live;
    const sinceOf = ({ live }: ReturnType<Journal["load"]>) => [...live].map(({ since }) => since?.changes);
    assert.deepEqual(sinceOf(open().load()), [3, 0]);
    assert.deepEqual(JSON.parse(first?.body ?? ""), {
      state: "connecting",
      odd: "\0\ud800🙂",
      callerCandidates: [null, { candidate: "1" }],
      sdp: "v=0",
    });
    assert.deepEqual(other, { callId: "b", body: "{}" });
    journal.commit(journalBatch({ live: [{ callId: "a", body: '{"state":"active"}' }] }));
    assert.equal(loaded(open()).live[0]?.body, '{"state":"active"}');
    assert.deepEqual(sinceOf(open().load()), [0, 0]);
    journal.commit(journalBatch({ live: [change(1, { set: { state: "reconnecting" } })] }));
    assert.equal(loaded(open()).live[0]?.body, '{"state":"reconnecting"}');
    journal.commit(journalBatch({ ended: [endedEntry("a")] }));
    journal.commit(journalBatch({ live: [{ callId: "a", body: "{}" }] }));
    assert.deepEqual(loaded(open()).live.at(-1), { callId: "a", body: "{}" });
  });

  check("an ended call is no longer live, also when one batch has it as both", ({ open }) => {
    const journal = open();
    journal.commit(journalBatch({ live: [{ callId: "a", body: "{}" }] }));
    journal.commit(journalBatch({ live: [{ callId: "b", body: "{}" }], ended: [endedEntry("a"), endedEntry("b")] }));
    const found = loaded(open());
    assert.deepEqual(found.live, []);
    assert.deepEqual(found.ended, [tombstone("a"), tombstone("b")]);
  });

  check("a tombstone is told until it expires, and the latest of a call stands", ({ open, clock }) => {
    // The steady time stands elsewhere than the wall clock.
    const beat = { atMs: clock.now(), steadyMs: startMs + 1000 };
    const journal = open();
    journal.commit(journalBatch({ beat, ended: [{ tombstone: tombstone("a", startMs + 2000) }] }));
    journal.commit(journalBatch({ beat, ended: [{ tombstone: tombstone("b", startMs + 3000) }] }));
    journal.commit(journalBatch({ beat, ended: [{ tombstone: { ...tombstone("a", startMs + 4000), body: "{}" } }] }));
    assert.deepEqual(
      loaded(open()).ended.map(({ callId }) => callId),
      ["b", "a"],
    );
    clock.advance(2000);
    assert.deepEqual(loaded(open()).ended, [{ callId: "a", body: "{}", expiresAtMs: startMs + 4000 }]);
    clock.advance(1000);
    assert.deepEqual(loaded(open()).ended, []);
  });

  check(
    "of more tombstones than the bound the oldest are forgotten",
    ({ open }) => {
      const journal = open();
      for (const i of [1, 2, 3, 4, 5]) {
        journal.commit(journalBatch({ ended: [{ tombstone: tombstone(`call ${i}`, startMs + 86_400_000 + i) }] }));
      }
      assert.deepEqual(
        loaded(open()).ended.map(({ callId }) => callId),
        ["call 3", "call 4", "call 5"],
      );
    },
    tinyBounds,
  );

  check("what was set aside is loaded no more, and counted", ({ open }) => {
    const journal = open();
    const live = ["a", "b"].map((callId) => ({ callId, body: "{}" }));
    journal.commit(journalBatch({ live, ended: [endedEntry("c"), endedEntry("d")] }));
    const { live: calls, ended } = journal.load();
    // As a start does it: while it reads.
    for (const { callId } of ended) if (callId === "c") journal.setCallAside("ended", callId, new Error("no use"));
    for (const { callId } of calls) if (callId === "a") journal.setCallAside("live", callId, new Error("no use"));
    journal.setCallAside("live", "nobody's", new Error("no use"));
    const next = open();
    assert.deepEqual(loaded(next), { live: live.slice(1), ended: [tombstone("d")] });
    assert.deepEqual([journal.pending().setAside, next.pending().setAside], [2, 2]);
  });

  check("the last beat is told", ({ open }) => {
    const journal = open();
    journal.beat({ atMs: startMs, steadyMs: 5000 });
    journal.beat({ atMs: startMs - 2000, steadyMs: 7000 });
    assert.deepEqual(loaded(open()).beat, { atMs: startMs - 2000, steadyMs: 7000 });
    journal.commit(journalBatch({ beat: { atMs: startMs, steadyMs: 8000 } }));
    journal.commit(journalBatch({}));
    assert.deepEqual(loaded(open()).beat, { atMs: startMs, steadyMs: 8000 });
  });

  check("a clock that was set back while no process ran expires nothing, and one set ahead all", ({ open, clock }) => {
    const beat = { atMs: clock.now(), steadyMs: startMs };
    open().commit(journalBatch({ beat, ended: [{ tombstone: tombstone("a", startMs + 86_400_000) }] }));
    clock.jump(-365 * 86_400_000);
    assert.deepEqual(loaded(open()).ended, [tombstone("a", startMs + 86_400_000)]);
    clock.jump(2 * 365 * 86_400_000);
    assert.deepEqual(loaded(open()).ended, []);
  });
}
