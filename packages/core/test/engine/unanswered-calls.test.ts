import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine, type EngineOptions, type UnansweredBounds, unansweredBounds } from "@echoo/core";
import { Scenario, ScenarioActor } from "@echoo/testkit";

const few: UnansweredBounds = { ...unansweredBounds, freeToCallee: 2, callerBurst: 100 };

function limited(unanswered: UnansweredBounds = few): Scenario {
  return new Scenario({ makeEngine: (options: EngineOptions) => new Engine({ ...options, unanswered }) });
}

async function join<const L extends readonly string[]>(scenario: Scenario, ...labels: L) {
  const actors = labels.map((label) => new ScenarioActor(scenario, scenario.device(label)));
  for (const { device } of actors) await device.connect({ resume: false });
  scenario.transcript.restart();
  return actors as { [I in keyof L]: ScenarioActor };
}

describe("a caller whom nobody answers", () => {
  test("is refused with the time to wait, whatever those calls ended with, and the callee hears nothing of it", async () => {
    const scenario = limited({ ...few, freeToCallee: 6 });
    const [ann, bob] = await join(scenario, "ann", "bob");
    await ann.offers("bob");
    await bob.rejects();
    await ann.offers("bob");
    await ann.hangsUp();
    await ann.offers("bob");
    await bob.rejects({ reason: "busy" });
    await ann.offers("bob");
    scenario.passes(60_000);
    scenario.userFacts.describe("bob", { doNotDisturb: true });
    await ann.offers("bob");
    await bob.leaves();
    await ann.offers("bob");
    await bob.joins();
    scenario.userFacts.describe("bob", { doNotDisturb: false });
    scenario.transcript.restart();
    scenario.passes(10_000);
    await ann.offers("bob", { id: "m7" });
    scenario.expect(`
      10s   ann offers bob | ann < error rate_limited c7
    `);
    const { last } = ann;
    assert.ok(last?.type === "error");
    assert.deepEqual([last.id, last.retryInMs], ["m7", 20_000]);
    scenario.passes(20_000);
    await ann.offers("bob");
    assert.equal(ann.last?.type, "calling");
  });

  test("waits as long whether the callee is away, unread, not to be disturbed, or blocks the caller", async () => {
    const callees = {
      "is away": () => {},
      "cannot be read": ({ userFacts }: Scenario) => userFacts.databaseHangs(),
      "is not to be disturbed": ({ userFacts }: Scenario) => userFacts.describe("bob", { doNotDisturb: true }),
      blocks: ({ userFacts }: Scenario) => userFacts.describe("bob", { blocked: new Map([["ann", 0]]) }),
    };
    const traces: string[][] = [];
    for (const describeBob of Object.values(callees)) {
      const scenario = limited();
      const [ann] = await join(scenario, "ann");
      describeBob(scenario);
      const trace: string[] = [];
      for (let n = 0; n < 10; n += 1) {
        const heard = ann.device.received.length;
        await ann.offers("bob", { callId: `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, "0")}` });
        for (const message of ann.device.received.slice(heard)) {
          const { seq: _seq, ...shown } = message as { seq?: number };
          trace.push(JSON.stringify(shown));
        }
        scenario.passes(20_000);
      }
      traces.push(trace);
    }
    assert.ok(
      traces[0]?.some((row) => row.includes('"retryInMs":10000')),
      traces[0]?.join("\n"),
    );
    for (const trace of traces) assert.deepEqual(trace, traces[0]);
  });

  test("on the older wire leaves the calling screen", async () => {
    const scenario = limited();
    const [leo] = await join(scenario, "leo (legacy)");
    await leo.offers("bob");
    await leo.offers("bob");
    scenario.transcript.restart();
    await leo.offers("bob");
    scenario.expect(`
      0s    leo offers bob | leo < reject unreachable | leo < error rate_limited
    `);
  });

  test("keeps the call that an offer would have superseded, when that is refused", async () => {
    const scenario = limited();
    const [ann, bob] = await join(scenario, "ann", "bob", "cleo");
    await ann.offers("cleo");
    await ann.hangsUp();
    await ann.offers("cleo");
    await ann.hangsUp();
    await ann.offers("bob");
    scenario.transcript.restart();
    await ann.offers("cleo", { supersede: true });
    await bob.answers();
    scenario.expect(`
      0s    ann offers cleo instead | ann < error rate_limited c4
      0s    bob answers             | ann < answer c3
    `);
  });

  test("gains nothing by superseding ring after ring", async () => {
    const scenario = limited();
    const [ann, bob] = await join(scenario, "ann", "bob");
    for (let n = 0; n < 20; n += 1) await ann.offers("bob", { supersede: true });
    assert.equal(bob.device.received.filter(({ type }) => type === "offer").length, few.freeToCallee);
  });

  test("may call at once after a talk, and after the callee called, however that ended", async () => {
    const scenario = limited();
    const [ann, bob] = await join(scenario, "ann", "bob");
    const inVain = async () => {
      for (let n = 0; n < few.freeToCallee; n += 1) {
        await ann.offers("bob");
        await ann.hangsUp();
      }
      await ann.offers("bob");
      assert.equal(ann.last?.type, "error");
    };
    await inVain();
    await bob.offers("ann");
    await ann.rejects();
    await ann.offers("bob");
    await bob.answers();
    await ann.hangsUp();
    await inVain();
  });

  test("is never kept from answering, renegotiating, or dialling somebody who is ringing them", async () => {
    const scenario = limited();
    const [ann, bob] = await join(scenario, "ann", "bob");
    for (let n = 0; n < few.freeToCallee; n += 1) {
      await ann.offers("bob");
      await ann.hangsUp();
    }
    // A ring of bob's that lets her off, and which she fails again while it rings, is still one that she may take up.
    await bob.offers("ann");
    await ann.offers("bob");
    await ann.answers({ neg: 1 });
    await ann.renegotiates(2, { to: "bob" });
    assert.equal(bob.last?.type, "offer");
  });

  test("waits by a clock that nobody sets, and after a restart as well", async () => {
    const scenario = limited();
    const [ann] = await join(scenario, "ann", "bob");
    for (let n = 0; n < few.freeToCallee; n += 1) {
      await ann.offers("bob");
      await ann.hangsUp();
    }
    scenario.clock.jump(3_600_000);
    await ann.offers("bob");
    assert.equal(ann.last?.type, "error");
    scenario.clock.jump(-3_600_000);
    scenario.restart(1_000);
    await ann.joins();
    await ann.offers("bob");
    const { last } = ann;
    assert.ok(last?.type === "error" && last.code === "rate_limited", JSON.stringify(last));
    assert.equal(last.retryInMs, 29_000);
  });

  test("of many people in a row waits as well", async () => {
    const scenario = limited({ ...unansweredBounds, callerBurst: 3 });
    const [ann] = await join(scenario, "ann");
    for (const callee of ["bob", "cleo", "dan", "eve"]) await ann.offers(callee);
    const { last } = ann;
    assert.ok(last?.type === "error" && last.code === "rate_limited");
    assert.equal(last.retryInMs, unansweredBounds.callerEveryMs);
  });
});
