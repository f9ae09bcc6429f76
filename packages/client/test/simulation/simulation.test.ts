import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeNetwork } from "@echoo/client/fake";
import fc from "fast-check";
import { settled } from "../bench.ts";
import { EngineWorld } from "./engine-world.ts";
import { SimulatedPerson } from "./simulated-person.ts";

const people = ["ann", "bob", "tablet"] as const;
type Name = (typeof people)[number];
/** Bob has two devices. */
const userOf = { ann: "ann", bob: "bob", tablet: "bob" } as const;

type PersonStep =
  | ("answer" | "decline" | "hangUp" | "cut" | "silence")
  | ("toggleVideo" | "shareScreen" | "changeMicrophone" | "chat");
type Step =
  | { readonly do: "dial"; readonly who: Name; readonly video: boolean; readonly at: "once" | "later" }
  | { readonly do: PersonStep; readonly who: Name }
  | { readonly do: "loseDescriptions"; readonly count: number }
  | { readonly do: "rejectDescriptions"; readonly who: Name; readonly count: number }
  | { readonly do: "iceFails" | "iceWorks" | "restart" | "settle" }
  /** Somebody sets the wall clock, of the server and of the devices alike. */
  | { readonly do: "setClock"; readonly ms: number }
  | { readonly do: "wait"; readonly ms: number };

const who = fc.constantFrom(...people);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("dial" as const),
      who,
      video: fc.boolean(),
      at: fc.constantFrom("once", "later"),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("answer" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("decline", "hangUp"), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("toggleVideo", "shareScreen", "changeMicrophone"), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("chat" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("cut", "silence"), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("iceFails", "iceWorks") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("loseDescriptions" as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("rejectDescriptions" as const),
      who,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("setClock" as const),
      ms: fc.constantFrom(-18_000_000, -40_000, 18_000_000),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(100, 600, 3_000, 12_000, 30_000) }),
  },
);

class Simulation {
  readonly world = new EngineWorld();
  readonly network = new FakeNetwork(this.world.clock);
  readonly persons: Readonly<Record<Name, SimulatedPerson>> = {
    ann: new SimulatedPerson("ann", userOf.ann, this.world, this.network),
    bob: new SimulatedPerson("bob", userOf.bob, this.world, this.network),
    tablet: new SimulatedPerson("tablet", userOf.tablet, this.world, this.network),
  };
  /** How many offers and answers are to be lost or refused, at most. */
  hinderedDescriptions = 0;

  get all(): readonly SimulatedPerson[] {
    return Object.values(this.persons);
  }

  async step(one: Step): Promise<void> {
    if (one.do === "dial") this.persons[one.who].dial(one.who === "ann" ? "bob" : "ann", one.video);
    else if (one.do === "rejectDescriptions") {
      this.hinderedDescriptions += one.count;
      this.persons[one.who].rejectDescriptions(one.count);
    } else if (one.do === "loseDescriptions") {
      this.hinderedDescriptions += one.count;
      this.world.losesDescriptions += one.count;
    } else if ("who" in one) this.persons[one.who][one.do]();
    else if (one.do === "iceFails") this.network.cut();
    else if (one.do === "iceWorks") this.network.heal();
    else if (one.do === "restart") this.world.restart();
    else if (one.do === "setClock") this.world.clock.jump(one.ms);
    else if (one.do === "wait") await this.wait(one.ms);
    // Steps without a pause race each other, as two people do.
    if (one.do === "settle" || ("at" in one && one.at === "later")) await settled();
  }

  /** Time passes in small steps, so that what each causes happens before the next. */
  async wait(ms: number): Promise<void> {
    await settled();
    for (let left = ms; left > 0; left -= 200) {
      this.world.clock.advance(Math.min(200, left));
      await settled();
    }
  }

  describe(): string {
    return [...this.all.map((person) => person.describe()), `server: ${this.world.activeCalls} calls`].join("\n");
  }
}

/** Left alone with a network that works, everything comes to a state in which all agree. */
async function comesToRest(simulation: Simulation): Promise<void> {
  const { network, world, all } = simulation;
  network.heal();
  world.losesDescriptions = 0;
  await simulation.wait(150_000);
  assert.deepEqual(
    all.flatMap((person) => person.negotiating),
    [],
    "nobody waits for an answer for ever",
  );
  const states = all.flatMap((person) => person.client.calls.map((call) => call.state));
  assert.deepEqual(
    states.filter((state) => state !== "connected"),
    [],
    simulation.describe(),
  );
  const ids = all.flatMap((person) => person.client.calls.map((call) => call.id)).toSorted();
  const pairs = new Set(ids);
  assert.equal(ids.length, 2 * pairs.size, simulation.describe());
  assert.equal(world.activeCalls, pairs.size, simulation.describe());
  // Users are told at the third failure in a row, and have to be told of no other.
  const mayFail = simulation.hinderedDescriptions >= 3;
  const faults = all.flatMap((person) => person.faults);
  assert.deepEqual(
    faults.filter((fault) => !(mayFail && fault.includes("negotiation_failed"))),
    [],
  );
}

/**
 * What was said arrives once and in order; all of it where the call still stands, unless a server died over it.
 */
function chatIsWhole({ all }: Simulation, hasRestarted: boolean): void {
  const sides = all.flatMap((person) => [...person.ends.keys()].map((call) => ({ person, call })));
  for (const { person, call } of sides) {
    const others = sides.filter((side) => side.call.id === call.id && side.person !== person);
    const said = others.flatMap((side) => side.person.said.get(side.call) ?? []);
    const heard = person.heard.get(call) ?? [];
    assert.deepEqual(
      heard,
      said.filter((line) => heard.includes(line)),
      `${person.name} heard`,
    );
    if (call.state !== "ended" && !hasRestarted) assert.deepEqual(heard, said, `${person.name} heard`);
  }
}

/** Once all have hung up nothing is left of any call, on any side. */
async function leavesNothing(simulation: Simulation): Promise<void> {
  const { network, world, all } = simulation;
  for (const person of all) person.hangUp();
  await simulation.wait(1_000);
  assert.equal(world.activeCalls, 0);
  assert.equal(network.openConnections, 0);
  for (const person of all) {
    assert.deepEqual([...person.client.calls], []);
    assert.equal(person.media.liveTracks.length, 0, person.name);
    assert.deepEqual(
      [...person.ends.values()].filter((ends) => ends !== 1),
      [],
      person.name,
    );
    person.client.dispose();
  }
  assert.deepEqual(world.faults, []);
}

describe("clients on the real engine, whatever happens to them", () => {
  it("agree in the end, end each call once, and leave nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const simulation = new Simulation();
        await settled();
        for (const one of steps) await simulation.step(one);
        await comesToRest(simulation);
        chatIsWhole(
          simulation,
          steps.some((one) => one.do === "restart"),
        );
        await leavesNothing(simulation);
        simulation.world.stop();
      }),
      { numRuns: 60 },
    );
  });
});
