import assert from "node:assert/strict";
import { test } from "node:test";
import type { JournalBatch } from "@echoo/core";
import { MemoryJournal, Scenario, ScenarioActor } from "@echoo/testkit";
import { journalledChangeCharsMax, journalledChangesMax } from "../../src/engine/journalled-calls.ts";

type Entry = JournalBatch["live"][number];

/** A journal that counts, and that can lose what it is given. */
class CountingJournal extends MemoryJournal {
  readonly entries: Entry[] = [];
  fails = false;

  override commit(batch: JournalBatch): void {
    if (this.fails) throw new Error("lost");
    super.commit(batch);
    this.entries.push(...batch.live);
  }

  /** What was written since the last call of this method. */
  take(): { whole: number; changes: number; chars: number } {
    const taken = this.entries.splice(0);
    const whole = taken.filter((entry) => "body" in entry).length;
    const chars = taken.reduce((sum, entry) => sum + ("body" in entry ? entry.body : entry.change).length, 0);
    return { whole, changes: taken.length - whole, chars };
  }
}

const candidateText = (number: number) =>
  `candidate:${number} 1 udp 2122260223 192.0.2.7 49152 typ host generation 0 ufrag EsAw network-id ${number}`;
const sdp = "v=0\r\n".repeat(1_000);

async function ringing() {
  const journal = new CountingJournal();
  const scenario = new Scenario({ journal });
  const actor = (label: string) => new ScenarioActor(scenario, scenario.device(label));
  const [ann, bob] = [actor("ann"), actor("bob")];
  await ann.joins();
  await bob.joins();
  const callId = scenario.id("c1");
  await scenario.row("ann offers", () => ann.device.send({ type: "offer", to: "bob", callId, sdp }));
  return { journal, scenario, ann, bob, callId };
}

async function answered() {
  const call = await ringing();
  const { scenario, bob, callId } = call;
  await scenario.row("bob answers", () => bob.device.send({ type: "answer", to: "ann", callId, sdp }));
  return call;
}

test("a description is written once: with the offer whole, and with the answer", async () => {
  const { journal, scenario, bob, callId } = await ringing();
  const offered = journal.take();
  assert.equal(offered.whole, 1);
  assert.ok(offered.chars > sdp.length && offered.chars < sdp.length * 1.5 + 1_500, String(offered.chars));
  await bob.rings();
  const rung = journal.take();
  assert.ok(rung.changes === 1 && rung.whole === 0 && rung.chars < 500, JSON.stringify(rung));
  await scenario.row("bob answers", () => bob.device.send({ type: "answer", to: "ann", callId, sdp }));
  const done = journal.take();
  assert.ok(done.changes === 1 && done.whole === 0 && done.chars < sdp.length * 1.5 + 1_500, JSON.stringify(done));
});

test("a candidate costs the journal itself, however many came before it and whatever else is in the call", async () => {
  const { journal, ann, bob } = await answered();
  let changed = journal.take().changes;
  for (let number = 0; number < 30; number += 1) {
    for (const sender of [ann, bob]) {
      await sender.trickles(candidateText(number));
      const { whole, changes, chars } = journal.take();
      changed += changes;
      assert.deepEqual({ whole, changes }, { whole: 0, changes: 1 });
      assert.ok(chars < candidateText(number).length + 100, `${chars} characters for candidate ${number}`);
    }
  }
  assert.ok(changed <= journalledChangesMax);
});

test("the candidates of one turn are one change", async () => {
  const { journal, scenario, ann, callId } = await answered();
  journal.take();
  await scenario.row("ann sends eight", async () => {
    const sent = Array.from({ length: 8 }, (_, number) => ({ candidate: candidateText(number) }));
    for (const candidate of sent) void ann.device.send({ type: "candidate", to: "bob", callId, candidate });
  });
  assert.equal(journal.take().changes, 1);
});

test("what changes nothing that is kept is not written", async () => {
  const { journal, ann, bob } = await answered();
  await ann.trickles(candidateText(1));
  await ann.connects();
  journal.take();
  await ann.trickles(candidateText(1), { label: "sends the same again" });
  await bob.trickles(candidateText(2));
  await ann.connects({ label: "is connected still" });
  assert.deepEqual(journal.take(), { whole: 0, changes: 0, chars: 0 });
});

test("after so many changes, or characters of them, a call is written whole", async () => {
  const { journal, ann, bob, scenario } = await answered();
  let changes = journal.take().changes;
  for (let number = 0; changes < journalledChangesMax; number += 1, changes += 1) {
    await (number % 2 === 0 ? ann : bob).trickles(`${number}`);
    assert.equal(journal.take().whole, 0);
  }
  await ann.trickles("one past");
  assert.deepEqual([journal.take().whole, journal.take().whole], [1, 0]);
  const long = `candidate:${"x".repeat(2_000)}`;
  for (let chars = 0, number = 0; chars < journalledChangeCharsMax; number += 1) {
    await scenario.row("renegotiates", () =>
      ann.device.send({ type: "offer", to: "bob", callId: ann.call, sdp: sdp + long + number, neg: number * 2 + 2 }),
    );
    const taken = journal.take();
    assert.equal(taken.whole, 0, String(chars));
    chars += taken.chars;
  }
  await ann.connects();
  assert.equal(journal.take().whole, 1);
});

test("what may not have been written is written whole the next time", async () => {
  const { journal, scenario, ann, bob } = await answered();
  journal.fails = true;
  await ann.trickles(candidateText(1));
  journal.fails = false;
  journal.take();
  await bob.trickles(candidateText(2));
  assert.equal(journal.take().whole, 1);
  const [kept] = journal.load().live;
  assert.deepEqual(JSON.parse(kept?.body ?? "").callerCandidates, [{ candidate: candidateText(1) }]);
  assert.deepEqual(JSON.parse(kept?.body ?? "").calleeCandidates, [{ candidate: candidateText(2) }]);
  assert.equal(scenario.journal.load().live.length, 1);
});

test("a start writes of each call what the restart made of it, and no description", async () => {
  const { journal, scenario, ann, bob } = await answered();
  for (const sender of [ann, bob]) await sender.trickles(candidateText(1));
  for (const restart of [1, 2]) {
    journal.take();
    scenario.restart();
    const { whole, changes, chars } = journal.take();
    assert.deepEqual({ restart, whole, changes }, { restart, whole: 0, changes: 1 });
    assert.ok(chars < 1_000, `${chars} characters`);
  }
});

test("changes of the process before count: a call that has too many of them is written whole at the start", async () => {
  const { journal, scenario, ann, bob } = await answered();
  let changes = journal.take().changes;
  for (let number = 0; changes < journalledChangesMax; number += 1, changes += 1) {
    await (number % 2 === 0 ? ann : bob).trickles(`${number}`);
  }
  journal.take();
  scenario.restart();
  const { whole, changes: more } = journal.take();
  assert.deepEqual({ whole, more }, { whole: 1, more: 0 });
});
