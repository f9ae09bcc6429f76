import { describe, test } from "node:test";
import { play, type ScenarioActor } from "@echoo/testkit";

async function answered() {
  const { scenario, actors } = await play("ann", "bob");
  const [ann, bob] = actors as [ScenarioActor, ScenarioActor];
  await ann.offers("bob", { neg: 1 });
  await bob.answers({ neg: 1 });
  scenario.transcript.restart();
  return { scenario, ann, bob };
}

describe("a renegotiation", () => {
  test("takes each negotiation of a side once, and its answer once", async () => {
    const { scenario, ann, bob } = await answered();
    await bob.answers({ neg: 1 });
    await ann.renegotiates(2, { to: "bob" });
    await ann.renegotiates(2, { to: "bob" });
    await ann.renegotiates(1, { to: "bob" });
    await bob.answers({ neg: 2 });
    await bob.answers({ neg: 2 });
    await bob.renegotiates(1);
    await ann.answers({ neg: 1, to: "bob" });
    scenario.expect(`
      0s    bob answers
      0s    ann renegotiates | bob < offer again 2
      0s    ann renegotiates
      0s    ann renegotiates
      0s    bob answers      | ann < answer
      0s    bob answers
      0s    bob renegotiates | ann < offer again 1
      0s    ann answers      | bob < answer
    `);
  });

  test("takes the caller's first offer, repeated without a number, for what it is", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.offers("bob", { callId: "c1", label: "repeats its offer", id: "m1" });
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer
      0s    bob answers           | ann < answer
      0s    ann repeats its offer | ann < ack
    `);
  });

  test("leaves renegotiation glare to the two sides: the callee rolls back and answers", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.renegotiates(2, { to: "bob" });
    await bob.renegotiates(1);
    await bob.answers({ neg: 2 });
    await ann.answers({ neg: 1, to: "bob" });
    await bob.renegotiates(2);
    await ann.answers({ neg: 2, to: "bob" });
    scenario.expect(`
      0s    ann renegotiates | bob < offer again 2
      0s    bob renegotiates | ann < offer again 1
      0s    bob answers      | ann < answer
      0s    ann answers
      0s    bob renegotiates | ann < offer again 2
      0s    ann answers      | bob < answer
    `);
  });

  test("tells the offerer that its renegotiation was refused, once, and takes the next one", async () => {
    const { scenario, ann, bob } = await answered();
    await bob.refuses(1);
    await ann.renegotiates(2, { to: "bob" });
    await bob.refuses(1);
    await ann.refuses(2);
    await bob.refuses(2);
    await bob.refuses(2);
    await bob.answers({ neg: 2 });
    await ann.renegotiates(3, { to: "bob" });
    await bob.answers({ neg: 3 });
    scenario.expect(`
      0s    bob refuses 1
      0s    ann renegotiates | bob < offer again 2
      0s    bob refuses 1
      0s    ann refuses 2
      0s    bob refuses 2    | ann < offerRefused 2
      0s    bob refuses 2
      0s    bob answers
      0s    ann renegotiates | bob < offer again 3
      0s    bob answers      | ann < answer
    `);
  });

  test("relays a new connection of one side, and nothing more of what the other had open with the old one", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.renegotiates(2, { to: "bob" });
    await bob.renegotiates(1, { renew: true, label: "renews" });
    await bob.answers({ neg: 2 });
    await ann.answers({ neg: 1, to: "bob" });
    scenario.expect(`
      0s    ann renegotiates | bob < offer again 2
      0s    bob renews       | ann < offer again 1 renew
      0s    bob answers
      0s    ann answers      | bob < answer
    `);
  });
});
