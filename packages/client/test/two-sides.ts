import assert from "node:assert/strict";
import type { Call } from "@echoo/client";
import { FakeNetwork } from "@echoo/client/fake";
import { FakeClock } from "@echoo/testkit";
import { Bench } from "./bench.ts";
import { Switchboard } from "./switchboard.ts";

export interface TwoSides {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly ann: Bench;
  readonly bob: Bench;
  readonly board: Switchboard;
  readonly annCall: Call;
  readonly bobCall: Call;
}

/** Ann rings Bob. */
export async function ringing(options: { video: boolean } = { video: false }): Promise<TwoSides> {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock);
  const ann = new Bench({ userId: "ann" }, { clock, network });
  const bob = new Bench({ userId: "bob" }, { clock, network });
  for (const { server } of [ann, bob]) server.answersPings = true;
  ann.online();
  bob.online({ userId: "bob", session: "s2" });
  const board = new Switchboard(ann, bob);
  const placed = ann.client.call("bob", options);
  await board.settle();
  const [bobCall] = bob.client.calls;
  assert(bobCall !== undefined);
  return { clock, network, ann, bob, board, annCall: await placed, bobCall };
}

/** Ann rang Bob, Bob answered, media flows. */
export async function connected(options: { video: boolean } = { video: false }): Promise<TwoSides> {
  const sides = await ringing(options);
  await sides.bobCall.answer();
  await sides.board.settle();
  // What the calls fetch late is there: an import of the same is over after theirs.
  await import("../src/statistics/stats-sampler.ts");
  await sides.board.settle();
  assert.equal(sides.annCall.state, "connected");
  assert.equal(sides.bobCall.state, "connected");
  return sides;
}

/** Nothing of an ended call is left: no device in use, no connection, no timer but the pings of the links. */
export function assertNothingLeft({ ann, bob, network, clock }: TwoSides): void {
  assert.deepEqual([...ann.media.liveTracks, ...bob.media.liveTracks], []);
  assert.equal(network.openConnections, 0);
  assert.deepEqual([...ann.client.calls, ...bob.client.calls], []);
  ann.client.dispose();
  bob.client.dispose();
  assert.equal(clock.pendingTimers, 0);
}
