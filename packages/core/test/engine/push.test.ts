import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Scenario, ScenarioPush } from "@echoo/testkit";
import { RingBudget, ringBudgetBounds } from "../../src/engine/push/ring-budget.ts";

const phone = { device: "phone", token: "t1" };

async function startWith(describeBob = true) {
  const push = new ScenarioPush();
  const scenario = new Scenario({ push });
  if (describeBob) scenario.userFacts.describe("bob", { push: [phone] });
  const ann = scenario.device("ann");
  await ann.connect({ resume: false });
  scenario.transcript.restart();
  async function offer(): Promise<string> {
    const callId = scenario.id(scenario.proposeCall());
    await scenario.row("ann calls", () => ann.send({ type: "offer", to: "bob", callId, sdp: "offer" }));
    scenario.passes(0);
    return callId;
  }
  return { push, scenario, ann, offer };
}

describe("the engine's pushes", () => {
  test("are begun once the journal has them, and not at all where the process dies before", async () => {
    const { push, scenario, offer } = await startWith();
    let inJournal = 0;
    push.send = () => {
      inJournal = [...scenario.journal.load().live].length;
    };
    await offer();
    assert.equal(inJournal, 1);
  });

  test("carry the end of the ring by the wall clock, and the caller's name", async () => {
    const { push, scenario, offer } = await startWith();
    scenario.userFacts.describe("ann", { displayName: "Ann" });
    const callId = await offer();
    const order = push.begin();
    const endsAtMs = scenario.clock.now() + 60_000;
    const facts = { callId, caller: "ann", callee: "bob", isVideo: true, device: "phone", callerName: "Ann" };
    assert.deepEqual(order, { ...facts, kind: "ring", endsAtMs });
  });

  test("are not made to a device that has confirmed the end on its socket", async () => {
    for (const confirms of [true, false]) {
      const { push, scenario, ann, offer } = await startWith();
      const bob = scenario.device("bob", { token: "t1" });
      const callId = await offer();
      push.begin();
      push.answer("sent");
      await scenario.row("bob wakes", () => bob.connect({ resume: false }));
      await scenario.row("ann hangs up", () => ann.send({ type: "hangup", callId }));
      if (confirms) await bob.send({ type: "ping", seq: bob.session?.queue.lastSeq ?? 0 });
      scenario.passes(20_000);
      assert.equal(push.begin()?.kind, confirms ? undefined : "stop");
    }
  });

  test("leave a device that wakes too late the end, in calls[]", async () => {
    const { push, scenario, ann, offer } = await startWith();
    const callId = await offer();
    push.begin();
    push.answer("sent");
    await scenario.row("ann hangs up", () => ann.send({ type: "hangup", callId }));
    const bob = scenario.device("bob", { token: "t1" });
    await scenario.row("bob wakes", () => bob.connect({ resume: false }));
    const joined = bob.received.find((message) => message.type === "joined");
    assert.deepEqual(
      joined?.type === "joined" && joined.calls.map((call) => [call.callId, call.state, call.endReason]),
      [[callId, "ended", "cancelled"]],
    );
  });

  test("let a device speak by its token, of calls of its own user alone", async () => {
    const { push, scenario, offer } = await startWith();
    const callId = await offer();
    push.begin();
    const { rings } = scenario.node.engine;
    assert.equal(rings.rungCall(callId, { user: "bob", token: "t1" })?.caller, "ann");
    assert.equal(rings.rungCall(callId, { user: "cleo", token: "t1" }), undefined);
    assert.equal(rings.rungCall(callId, { user: "bob", token: "t2" }), undefined);
    assert.equal(rings.ringShown(callId, { user: "cleo", token: "t1" })?.code, "unknown_call");
    assert.equal(rings.ringShown(callId, { user: "bob", token: "t1" }), undefined);
    assert.equal(rings.rungCall(callId, { user: "bob", token: "t1" })?.expiresInMs, 60_000);
  });

  test("to who is not in memory begin when that was read, and the call is there from the beginning", async () => {
    const { push, scenario, offer } = await startWith();
    scenario.userFacts.databaseHangs();
    await offer();
    assert.equal(push.waiting, 0);
    await scenario.row("it answers", async () => {
      scenario.userFacts.databaseAnswers();
      await new Promise((resolve) => setImmediate(resolve));
    });
    scenario.passes(0);
    assert.equal(push.begin()?.kind, "ring");
    scenario.expect(`
      0s  ann calls   | ann < calling
      0s  it answers
    `);
  });

  test("are none where the database is away, and the caller sees an unreachable callee", async () => {
    const { push, scenario, offer } = await startWith();
    scenario.userFacts.databaseHangs();
    await offer();
    await scenario.row("it is away", async () => {
      scenario.userFacts.databaseAnswers({ isAway: true });
      await new Promise((resolve) => setImmediate(resolve));
    });
    assert.equal(push.waiting, 0);
    scenario.expect(`
      0s  ann calls   | ann < calling
      0s  it is away  | recorded unreachable | ann < reject unreachable
    `);
  });
});

describe("the ring budget", () => {
  test("has room for eight calls of a pair in five minutes, however many devices each of them wakes", () => {
    const budget = new RingBudget();
    for (let call = 0; call < ringBudgetBounds.rings; call += 1) {
      assert.ok(budget.allows("ann", "bob", call));
      budget.note("ann", "bob", `c${call}`, call);
      budget.note("ann", "bob", `c${call}`, call);
    }
    assert.ok(!budget.allows("ann", "bob", 100));
    assert.ok(budget.allows("bob", "ann", 100) && budget.allows("ann", "cleo", 100));
    assert.ok(!budget.allows("ann", "bob", ringBudgetBounds.withinMs - 1));
    assert.ok(budget.allows("ann", "bob", ringBudgetBounds.withinMs));
  });

  test("counts so many pairs, and forgets the one first that has been quiet longest", () => {
    const budget = new RingBudget();
    for (let call = 0; call < ringBudgetBounds.rings; call += 1) budget.note("ann", "bob", `c${call}`, 0);
    for (let pair = 1; pair < ringBudgetBounds.countedPairs; pair += 1) budget.note(`${pair}`, "bob", "c", 0);
    assert.ok(!budget.allows("ann", "bob", 1));
    budget.note("one more", "bob", "c", 0);
    assert.equal(budget.size, ringBudgetBounds.countedPairs);
    assert.ok(budget.allows("ann", "bob", 1));
  });
});
