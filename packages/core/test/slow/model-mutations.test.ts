import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type Mutation, mutatedEngine } from "../model/mutated-engine.ts";
import { walk } from "../model/walk.ts";

/** Faults that somebody might make, each of which the model has to see. */
const mutations: readonly Mutation[] = [
  {
    name: "devices that lost the race are not told",
    file: "call/offered-devices.ts",
    from: ".filter((device) => device.session !== winner)",
    to: ".filter(() => false)",
  },
  {
    name: "the other rings of who answers go on",
    file: "call/phases/ringing-call.ts",
    from: 'effects.push({ type: "claim", user: call.callee, callId: call.id });',
    to: "",
  },
  {
    name: "a lost leg is waited for without end",
    file: "call/deadlines.ts",
    from: "if (sinceMs !== undefined) next =",
    to: "if (false) next =",
  },
  {
    name: "the winner's held candidates are dropped",
    file: "call/phases/ringing-call.ts",
    from: "...winner.held.map(",
    to: "...winner.held.slice(1).map(",
  },
  {
    name: "the late end of a socket loses a session that is over",
    file: "engine/sessions/session-life.ts",
    from: " || session.isOver) return;",
    to: ") return;",
  },
  {
    name: "messages leave before the journal has what they tell of",
    file: "engine/delivery.ts",
    from: "    this.#commit();\n    const pending = this.#pending;\n    this.#pending = [];\n    for (const { session, message, queued } of pending) session.write(message, queued);",
    to: "    const pending = this.#pending;\n    this.#pending = [];\n    for (const { session, message, queued } of pending) session.write(message, queued);\n    this.#commit();",
  },
  {
    name: "a replay leaves its first message out",
    file: "engine/sessions/resume-queue.ts",
    from: ".filter((entry) => entry.seq > seq)",
    to: ".filter((entry) => entry.seq > seq + 1)",
  },
  {
    name: "repeated messages are handled again",
    file: "engine/engine.ts",
    from: "n !== undefined && n <= session.handledN",
    to: "false",
  },
  {
    name: "a session cannot be left by a number that was used",
    file: "engine/engine.ts",
    from: ' && type !== "leave"',
    to: "",
  },
  {
    name: "a ping by a number that was used is not answered",
    file: "engine/engine.ts",
    from: ' && type !== "ping"',
    to: "",
  },
  {
    name: "a second join on one socket leaves its first session behind",
    file: "engine/engine.ts",
    from: "if (former) this.#joining.leaveBehind(former, link, admission, request);",
    to: "",
  },
  {
    name: "a merge leaves the callee's other devices ringing",
    file: "call/phases/merging.ts",
    from: '.map((device): Offered => ({ ...device, standing: "stopped", held: [] })),',
    to: ".map((device): Offered => device),",
  },
  {
    name: "an answer takes no lock",
    file: "arbiter/call-index.ts",
    from: "if (isAnswered(call)) this.#live.set(call.callee, call.id);",
    to: "if (isAnswered(call)) {}",
  },
  {
    name: "an end is not recorded",
    file: "call/phases/finish.ts",
    from: 'effects.push({ type: "record", record });',
    to: 'if (ending.reason !== "declined") effects.push({ type: "record", record });',
  },
  {
    name: "both sides are told that they ended it",
    file: "call/phases/finish.ts",
    from: "endedByTo(user, ",
    to: "endedByTo(call.caller, ",
  },
  {
    name: "a device that said it was busy is asked again",
    file: "call/phases/asking.ts",
    from: 'other.device === device.device && other.standing === "stopped"',
    to: "false",
  },
  {
    name: "what ran out while the node was down ends calls",
    file: "call/transition.ts",
    from: 'if (input.type === "restarted") return',
    to: "if (false) return",
  },
  {
    name: "anybody may answer a call",
    file: "call/offered-devices.ts",
    from: "device.session === session && isAsked(device)",
    to: "device.session === session",
  },
  {
    name: "a cancelled call can still be answered",
    file: "call/phases/ringing-call.ts",
    from: 'finish(call, { reason: "cancelled", atMs: nowMs, by });',
    to: "[call, []];",
  },
  {
    name: "calls go by the wall clock",
    file: "time/timeline.ts",
    from: "return this.#clock.steady() + this.#aheadMs;",
    to: "return this.#clock.now();",
  },
  {
    name: "a restart begins another time",
    file: "engine/recover.ts",
    from: "if (beat) state.timeline.resume(beat);",
    to: "",
  },
  {
    name: "moments of a record are those of the clock at its end",
    file: "call/phases/finish.ts",
    from: "call.createdAtMs + Math.max(0, atMs - call.placedAtMs);",
    to: "atMs;",
  },
  {
    name: "an app that lost its socket in a call is in it still when it joins",
    file: "engine/sessions/joining.ts",
    from: "this.#endLeft(session, older?.id);",
    to: "",
  },
  {
    name: "two people ring on one screen",
    file: "arbiter/call-arbiter.ts",
    from: "this.calls.shownOn(session) !== undefined;",
    to: "false;",
  },
  {
    name: "a ring waits for a screen that is free",
    file: "arbiter/call-arbiter.ts",
    from: "this.#offerWaiting(input.nowMs);",
    to: "",
  },
  {
    name: "a device hears of the end of a call that waits for it",
    file: "call/phases/finish.ts",
    from: 'standing !== "waiting"',
    to: "true",
  },
  {
    name: "a device that dials has what rang there on its screen still",
    file: "arbiter/call-arbiter.ts",
    from: "if (!device.can.namesCalls) this.#takeScreen(by, callId, nowMs);",
    to: "",
  },
  {
    name: "a dial screen says nothing of the call before it",
    file: "engine/engine.ts",
    from: "dialScreen.asked(session);",
    to: "",
  },
  {
    name: "calls are created when the clock says so",
    file: "time/rising-instant.ts",
    from: "this.#last = isAhead ? this.#last + 1 : now;",
    to: "this.#last = now;",
  },
];

/**
 * The same walks for all of them; the first that fails is enough. With this seed each fault shows within some hundred walks;
 * with others a few take thousands.
 */
const walks = { numRuns: 4_000, seed: 2, endOnFailure: true } as const;
/** How many of them it took to see every fault. */
let walksNeeded = 1;

describe("the call model sees that", () => {
  const ends: (() => void)[] = [];
  after(() => {
    for (const end of ends) end();
  });

  for (const mutation of mutations) {
    test(mutation.name, async () => {
      const Mutated = await mutatedEngine(mutation, (end) => void ends.push(end));
      const { failure, runs } = await walk(walks, (options) => new Mutated(options));
      walksNeeded = Math.max(walksNeeded, runs);
      assert.ok(failure !== undefined, "no walk broke an invariant");
    });
  }

  // Last, on the walks that were needed: what none of the faults took to show would be seen by chance.
  test("nothing is wrong where nothing was changed, on any walk that showed a fault", async () => {
    const { failure } = await walk({ ...walks, numRuns: walksNeeded });
    assert.equal(failure, undefined, failure);
  });
});
