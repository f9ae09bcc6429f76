import assert from "node:assert/strict";
import { test } from "node:test";
import { type Deadlines, Engine } from "@echoo/core";
import { MemoryJournal, play, Scenario } from "@echoo/testkit";

/** A journal with one call that rings, one that is answered and one that is over, and their bodies. */
async function journalOfThree() {
  const { scenario, actors } = await play("ann", "bob", "cleo", "dan", "eve", "fay");
  const [ann, , cleo, dan, eve, fay] = actors;
  await ann?.offers("bob");
  await cleo?.offers("dan");
  await dan?.answers();
  await eve?.offers("fay");
  await fay?.rejects();
  const { live, ended, beat } = scenario.journal.load();
  const [ringing, answered] = live;
  const [over] = ended;
  assert.ok(ringing && answered && over && beat);
  return { ringing, answered, over, beat };
}

type Fields = Record<string, unknown>;
const changed = (body: string, change: (call: Fields) => object) => JSON.stringify(change(JSON.parse(body) as Fields));

test("a call of which nothing can be made is set aside by name of what is wrong, and the others go on", async () => {
  const { ringing, answered, over, beat } = await journalOfThree();
  const damages: readonly (readonly [what: string, body: string, why: string])[] = [
    ["cut off", answered.body.slice(0, -20), "it is no JSON"],
    ["a list", "[]", "it is no object"],
    ["a field has another name", answered.body.replace('"aliases"', '"aliasez"'), "aliases is missing"],
    ["a state of no call", answered.body.replace('"connecting"', '"!onnecting"'), "state is none of its values"],
    [
      "a number is a text",
      changed(answered.body, (call) => ({ ...call, answeredAtMs: "soon" })),
      "answeredAtMs is no number",
    ],
    [
      "deep inside",
      changed(answered.body, (call) => ({ ...call, calleeLeg: { ...(call.calleeLeg as object), can: null } })),
      "calleeLeg.can is no object",
    ],
    ["a field of nobody", changed(answered.body, (call) => ({ ...call, more: 1 })), "it has an unknown field"],
    ["another call's", ringing.body, "its id is another than that of its entry"],
  ];
  for (const [what, body, why] of damages) {
    const journal = new MemoryJournal();
    const bad = { callId: answered.callId, body };
    const tombstone = { ...over, body: over.body.replace('"devices"', '"device5"') };
    journal.commit({ live: [ringing, bad], ended: [{ tombstone }], samples: [], reported: [], beat });
    const scenario = new Scenario({ journal });
    const expected = [{ kind: "ended", callId: over.callId, why: "devices is missing" }];
    assert.deepEqual(journal.asideEntries, [...expected, { kind: "live", callId: answered.callId, why }], what);
    assert.equal(scenario.node.engine.activeCalls, 1, what);
    assert.deepEqual(scenario.node.faults, [], what);
    // The next start has nothing to complain of.
    scenario.restart();
    assert.equal(journal.asideEntries.length, expected.length + 1, what);
  }
});

test("a call whose end the journal has as well is over, and its other entry is set aside", async () => {
  const { answered, over, beat } = await journalOfThree();
  const journal = new MemoryJournal();
  const ended = changed(over.body, (call) => ({ ...call, id: answered.callId }));
  journal.commit({
    live: [],
    ended: [{ tombstone: { ...over, callId: answered.callId, body: ended } }],
    samples: [],
    reported: [],
    beat,
  });
  journal.commit({ live: [answered], ended: [], samples: [], reported: [] });
  const scenario = new Scenario({ journal });
  assert.equal(scenario.node.engine.activeCalls, 0);
  assert.deepEqual(
    journal.asideEntries.map(({ why }) => why),
    ["another entry has its call"],
  );
});

test("where not even setting aside succeeds the start goes on, and says so", async () => {
  const { ringing, answered, beat } = await journalOfThree();
  class FullJournal extends MemoryJournal {
    override setCallAside(): void {
      throw new Error("the disk is full");
    }
  }
  const journal = new FullJournal();
  journal.commit({ live: [{ ...answered, body: "{" }, ringing], ended: [], samples: [], reported: [], beat });
  const scenario = new Scenario({ journal });
  assert.equal(scenario.node.engine.activeCalls, 1);
  assert.match(String(scenario.node.faults[0]), /the disk is full/);
});

/** How often a start looks at a time or at a deadline, and how many entries it writes, with so many calls. */
async function workOf(calls: number): Promise<number> {
  const { ringing, answered, beat } = await journalOfThree();
  const journal = new MemoryJournal();
  const live = Array.from({ length: calls }, (_, i) => {
    const { callId, body } = i % 2 === 0 ? ringing : answered;
    const id = `call-${i}`;
    const own = changed(body, (call) => ({ ...call, caller: `caller ${i}`, callee: `callee ${i}` }));
    return { callId: id, body: own.replaceAll(callId, id) };
  });
  journal.commit({ live, ended: [], samples: [], reported: [], beat });
  let work = 0;
  const counted = <T extends object>(port: T) =>
    new Proxy(port, {
      get(target, name) {
        work += 1;
        return Reflect.get(target, name);
      },
    });
  const commit = journal.commit.bind(journal);
  journal.commit = (batch) => {
    work += batch.live.length + batch.ended.length;
    commit(batch);
  };
  const scenario = new Scenario({
    journal,
    makeEngine: (options) =>
      new Engine({ ...options, clock: counted(options.clock), deadlines: counted<Deadlines>(options.deadlines) }),
  });
  assert.equal(scenario.node.engine.activeCalls, calls);
  return work;
}

test("what a start takes is in proportion to the calls: twice as many take twice the work", async () => {
  const [some, twice] = [await workOf(500), await workOf(1000)];
  assert.ok(some >= 500);
  assert.ok(twice < some * 2.2, `${some} for 500 calls, ${twice} for 1,000`);
});
