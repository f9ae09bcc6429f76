import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine, type EngineOptions, type PushOutcome, unansweredBounds } from "@echoo/core";
import { Scenario, ScenarioActor, ScenarioPush } from "@echoo/testkit";
import fc from "fast-check";

/** What ann may say of bob, or of her calls with him: every message that the protocol lets her send. */
const plainActs = {
  check: () => ({ type: "checkUser", userId: "bob" }),
  list: () => ({ type: "getUsers" }),
  watch: () => ({ type: "watch", users: ["bob"] }),
  unwatch: () => ({ type: "unwatch", users: ["bob"] }),
  chat: () => ({ type: "chat", to: "bob", message: "there?" }),
  emoji: (callId: string) => ({ type: "emoji", to: "bob", emoji: "👋", callId }),
  mediaState: (callId: string) => ({ type: "mediaState", callId, audio: false }),
  ringing: (callId: string) => ({ type: "ringing", callId }),
  answer: (callId: string) => ({ type: "answer", callId, sdp: "v=0" }),
  answerBob: () => ({ type: "answer", to: "bob", sdp: "v=0" }),
  reject: (callId: string) => ({ type: "reject", callId }),
  stats: (callId: string) => ({ type: "stats", callId, samples: [{ t: 1_767_225_600_000, rttMs: 30 }] }),
  callStats: (callId: string) => ({ type: "callStats", callId, duration: 1, samples: [] }),
  ping: () => ({ type: "ping" }),
} as const;
type PlainAct = keyof typeof plainActs;
const callerActs = [
  ...(["offer", "again", "candidate", "hangup", "connected", "lose", "resume"] as const),
  ...(Object.keys(plainActs) as PlainAct[]),
];
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
  { minLength: 1, maxLength: 60, size: "max" },
);

/** How ann is set up, which is the same in both worlds. */
interface Caller {
  readonly label: "ann" | "ann (legacy)";
  readonly knowsBob: boolean;
  /** What came of each push to bob's phones, in turn; absent where he has none that could be pushed to. */
  readonly pushes?: readonly PushOutcome[];
}

/** So few that walks reach them: who is refused for ringing in vain must not learn why nobody answers either. */
const unanswered = { ...unansweredBounds, freeToCallee: 2 };

/** What ann gets, and when. `isThere`: bob is online and blocks her; otherwise he never joins. */
async function trace(walk: readonly Step[], isThere: boolean, { label, knowsBob, pushes }: Caller): Promise<string[]> {
  const rows: string[] = [];
  const push = new ScenarioPush();
  const scenario: Scenario = new Scenario({
    ...(pushes === undefined ? {} : { push }),
    makeEngine: (options: EngineOptions) => new Engine({ ...options, unanswered }),
    onHeard: (device, message) => {
      if (device.user !== "ann") return;
      const { seq: _seq, ...shown } = message as { seq?: number };
      rows.push(`${scenario.clock.now()} ${JSON.stringify(shown).replace(/(fresh|session)-\d+/g, "some")}`);
    },
  });
  const [ann, bob, cleo] = [label, "bob", "cleo"].map((name) => new ScenarioActor(scenario, scenario.device(name)));
  assert.ok(ann && bob && cleo);
  // Somebody who blocks looks as if they had gone at that moment.
  const goneAtMs = scenario.clock.now() - 1_000;
  const phones = pushes === undefined ? {} : { push: [{ device: "bob's phone" }, { device: "bob's watch" }] };
  if (isThere) scenario.userFacts.describe("bob", { ...phones, blocked: new Map([["ann", goneAtMs]]) });
  else scenario.userFacts.describe("bob", { ...phones, lastSeenAtMs: goneAtMs });
  if (knowsBob) scenario.userFacts.describe("ann", { contacts: new Set(["bob"]) });
  await ann.joins();
  await cleo.joins();
  if (isThere) await bob.joins();
  for (const step of walk) {
    if (step.who === "time") scenario.passes(step.ms);
    else if (step.who === "ann") await caller(ann, step.act);
    else if (isThere) await callee(bob, step.act);
    serve(scenario, push, pushes ?? []);
  }
  if (isThere)
    assert.deepEqual(
      push.begun.filter(({ caller: by }) => by === "ann"),
      [],
      "a blocked caller woke a phone",
    );
  return rows;
}

/** The push services do what they do: none of it may show. */
function serve(scenario: Scenario, push: ScenarioPush, outcomes: readonly PushOutcome[]): void {
  while (push.waiting > 0) {
    if (push.begin()) push.answer(outcomes[push.begun.length % outcomes.length] ?? "sent");
    scenario.node.endTurn();
  }
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
  if (act === "resume") return ann.resumes();
  const message = { ...plainActs[act](ann.call || annsId(9_999)), id: `m${number}` };
  return ann.device.send(message as Parameters<typeof ann.device.send>[0]);
}

async function callee(bob: ScenarioActor, act: (typeof calleeActs)[number]): Promise<void> {
  if (act === "callCleo") return bob.offers("cleo", { callId: `b${bob.device.received.length}` });
  if (act === "hangup") return bob.hangsUp({ to: "cleo" });
  if (act === "leave") return bob.leaves();
  if (act === "lose") return bob.loses();
  return bob.joins();
}

describe("a blocked caller", () => {
  for (const label of ["ann", "ann (legacy)"] as const) {
    for (const knowsBob of [true, false]) {
      const who = `${label === "ann" ? "of the current wire" : "of the older wire"}${knowsBob ? ", whose contact it is," : ""}`;
      test(`${who} gets exactly what it would of somebody offline, at the same times`, async () => {
        const caller = { label, knowsBob };
        const blockedLooksOffline = fc.asyncProperty(steps, async (walk) => {
          assert.deepEqual(await trace(walk, true, caller), await trace(walk, false, caller));
        });
        await fc.assert(blockedLooksOffline, { numRuns: 150 });
      });

      test(`${who} gets the same of phones that are pushed to, whatever comes of the pushes`, async () => {
        const outcomes = fc.array(fc.constantFrom<PushOutcome>("sent", "unsure", "none", "gone"), {
          minLength: 1,
          maxLength: 6,
        });
        const blockedLooksAsleep = fc.asyncProperty(steps, outcomes, async (walk, pushes) => {
          const caller = { label, knowsBob, pushes };
          assert.deepEqual(await trace(walk, true, caller), await trace(walk, false, caller));
        });
        await fc.assert(blockedLooksAsleep, { numRuns: 150 });
      });

      test(`${who} hears of the end of a ring that woke no phone when it would of any other`, async () => {
        const walk: Step[] = [
          { who: "ann", act: "offer" },
          { who: "time", ms: 61_000 },
        ];
        for (const isThere of [true, false]) {
          const rows = await trace(walk, isThere, { label, knowsBob, pushes: ["gone"] });
          const placedAtMs = Number(rows.find((row) => row.includes('"calling"'))?.split(" ")[0] ?? Number.NaN);
          const ended = rows.find((row) => row.includes("unreachable"));
          if (label === "ann") assert.equal(Number(ended?.split(" ")[0]), placedAtMs + 60_000);
          assert.ok(ended, rows.join("\n"));
        }
      });

      test(`${who} hears that the server ended the call, as of somebody offline`, async () => {
        const walk: Step[] = [
          { who: "ann", act: "offer" },
          { who: "ann", act: "lose" },
          { who: "time", ms: 61_000 },
          { who: "ann", act: "resume" },
        ];
        for (const isThere of [true, false]) {
          const ends = (await trace(walk, isThere, { label, knowsBob })).filter((row) => row.includes("unreachable"));
          assert.ok(ends.length > 0);
          for (const end of ends) assert.match(end, /"(endReason|reason)":"unreachable","endedBy":"server"/);
        }
      });
    }
  }
});
