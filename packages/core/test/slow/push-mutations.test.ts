import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { type Mutation, mutatedEngine } from "../model/mutated-engine.ts";
import { pushActions } from "../model/push-action.ts";
import { PushWorld } from "../model/push-world.ts";

const steps = "call/push/push-steps.ts";

/** Faults that somebody might make in the pushes of calls, each of which their model has to see. */
const mutations: readonly Mutation[] = [
  {
    name: "a ring is pushed again and again",
    file: steps,
    from: 'return { ...slot, ring: "pushing" };',
    to: "return slot;",
  },
  {
    name: "a ring that was pushed is not stopped",
    file: steps,
    from: 'const mayRing = ring === "sent" || ring === "pushing";',
    to: "const mayRing = false;",
  },
  {
    name: "a stop is pushed twice",
    file: steps,
    from: 'return { ...slot, stop: { ...slot.stop, standing: "pushing" } };',
    to: "return slot;",
  },
  {
    name: "a ring is pushed after its end",
    file: steps,
    from: 'const ring = slot.ring === "due" ? "none" : slot.ring;',
    to: 'const ring = slot.ring;\n    if (!call.pushes) return slot;\n    if (slot.ring === "due") return slot;',
  },
  {
    name: "what was under way when the process died is forgotten",
    file: steps,
    from: 'const ring = slot.ring !== "pushing" ? slot.ring : slot.stop ? "sent" : "due";',
    to: "const ring = slot.ring;",
  },
  {
    name: "a stop that was under way when the process died is forgotten",
    file: steps,
    from: '...(slot.stop.standing === "pushing" ? { standing: "owed" as const } : {}),',
    to: '...(slot.stop.standing === "pushing" ? { standing: "done" as const } : {}),',
  },
  {
    name: "a stop overtakes its ring",
    file: steps,
    from: 'return stop.standing === "owed" && ring !== "pushing" ? stop.atMs : undefined;',
    to: 'return stop.standing === "owed" ? stop.atMs : undefined;',
  },
];

/** The same walks for all of them; the first that fails is enough. */
const walks = { numRuns: 3_000, seed: 1, endOnFailure: true } as const;

describe("the model of pushes sees that", () => {
  const ends: (() => void)[] = [];
  after(() => {
    for (const end of ends) end();
  });

  for (const mutation of mutations) {
    test(mutation.name, async () => {
      const Mutated = await mutatedEngine(mutation, (end) => void ends.push(end));
      const property = fc.asyncProperty(pushActions, async (actions) => {
        const world = new PushWorld((options) => new Mutated(options));
        await world.start();
        for (const action of actions) await world.step(action);
        await world.finish();
      });
      const { failed } = await fc.check(property, walks);
      assert.ok(failed, "no walk broke a property");
    });
  }
});
