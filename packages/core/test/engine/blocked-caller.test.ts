import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Scenario, ScenarioActor } from "@echoo/testkit";
import fc from "fast-check";

const callerActs = ["offer", "again", "candidate", "hangup", "connected", "lose", "resume", "check", "watch"] as const;
const calleeActs = ["callCleo", "hangup", "leave", "join", "lose"] as const;

type Step =
  | { readonly who: "ann"; readonly act: (typeof callerActs)[number] }
  | { readonly who: "bob"; readonly act: (typeof calleeActs)[number] }
  | { readonly who: "time"; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ who: fc.constant("ann" as const), act: fc.constantFrom(...callerActs) }) },
    { weight: 2, arbitrary: fc.record({ who: fc.constant("bob" as const), act: fc.constantFrom(...calleeActs) }) },
    {
      weight: 2,
      arbitrary: fc.record({ who: fc.constant("time" as const), ms: fc.constantFrom(1, 5_000, 11_000, 61_000) }),
    },
  ),
  { minLength: 1, maxLength: 40, size: "max" },
);

/** What ann gets, and when. `isThere`: bob is online and blocks her; otherwise he never joins. */
async function trace(walk: readonly Step[], isThere: boolean): Promise<string[]> {
  const rows: string[] = [];
  const scenario: Scenario = new Scenario({
    onHeard: (device, message) => {
      if (device.user !== "ann") return;
      const { seq: _seq, ...shown } = message as { seq?: number };
      rows.push(`${scenario.clock.now()} ${JSON.stringify(shown).replace(/(fresh|session)-\d+/g, "some")}`);
    },
  });
  const [ann, bob, cleo] = ["ann", "bob", "cleo"].map((name) => new ScenarioActor(scenario, scenario.device(name)));
  assert.ok(ann && bob && cleo);
  // Somebody who blocks looks as if they had gone at that moment.
  const goneAtMs = scenario.clock.now() - 1_000;
  if (isThere) scenario.people.describe("bob", { blocked: new Map([["ann", goneAtMs]]) });
  else scenario.people.describe("bob", { lastSeenAtMs: goneAtMs });
  await ann.joins();
  await cleo.joins();
  if (isThere) await bob.joins();
  for (const step of walk) {
    if (step.who === "time") scenario.passes(step.ms);
    else if (step.who === "ann") await caller(ann, step.act);
    else if (isThere) await callee(bob, step.act);
  }
  return rows;
}

/** The same in both worlds, whatever others propose. */
function annsId(number: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

async function caller(ann: ScenarioActor, act: (typeof callerActs)[number]): Promise<void> {
  const number = ann.device.received.length;
  if (act === "offer") return ann.offers("bob", { callId: annsId(number), id: `m${number}` });
  if (act === "again") return ann.offers("bob", { callId: ann.call || annsId(9_999), id: `m${number}` });
  if (act === "candidate") return ann.trickles("a1", { to: "bob", id: `m${number}` });
  if (act === "hangup") return ann.hangsUp({ callId: "", to: "bob", id: `m${number}` });
  if (act === "connected") return ann.connects({ callId: ann.call || annsId(9_999) });
  if (act === "lose") return ann.loses();
  if (act === "check") return ann.device.send({ type: "checkUser", userId: "bob" });
  if (act === "watch") return ann.device.send({ type: "watch", users: ["bob"] });
  return ann.resumes();
}

async function callee(bob: ScenarioActor, act: (typeof calleeActs)[number]): Promise<void> {
  if (act === "callCleo") return bob.offers("cleo", { callId: `b${bob.device.received.length}` });
  if (act === "hangup") return bob.hangsUp({ to: "cleo" });
  if (act === "leave") return bob.leaves();
  if (act === "lose") return bob.loses();
  return bob.joins();
}

describe("a blocked caller", () => {
  test("gets exactly what it would of somebody offline, at the same times, whatever the callee does", async () => {
    const blockedLooksOffline = fc.asyncProperty(steps, async (walk) => {
      assert.deepEqual(await trace(walk, true), await trace(walk, false));
    });
    await fc.assert(blockedLooksOffline, { numRuns: 200 });
  });
});
