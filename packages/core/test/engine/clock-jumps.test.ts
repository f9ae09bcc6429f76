import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, type Scenario, type ScenarioActor } from "@echoo/testkit";

const hourMs = 3_600_000;
const jumps = [-400 * 24 * hourMs, -7 * hourMs, -1, 1, 7 * hourMs, 400 * 24 * hourMs];

/** Ann and Bob have talked for ten seconds when somebody sets the clock. */
async function talking(jumpMs: number) {
  const { scenario, actors } = await play("ann", "bob");
  const [ann, bob] = actors;
  scenario.clock.advance(1_000);
  await ann.offers("bob");
  await bob.rings();
  scenario.clock.advance(2_000);
  await bob.answers();
  scenario.clock.advance(1_000);
  for (const actor of actors) await actor.connects();
  scenario.clock.advance(9_000);
  scenario.clock.jump(jumpMs);
  return { scenario, ann, bob };
}

function ends({ journal }: Scenario) {
  return journal.records.map(({ endReason, durationSec }) => [endReason, durationSec]);
}

for (const jumpMs of jumps) {
  describe(`a clock that is set by ${jumpMs / hourMs} h`, () => {
    test("neither shortens a ring nor lengthens it", async () => {
      const { scenario, actors } = await play("ann", "bob");
      const [ann, bob] = actors;
      await ann.offers("bob");
      await bob.rings();
      scenario.clock.advance(20_000);
      scenario.clock.jump(jumpMs);
      await bob.loses();
      scenario.clock.advance(10_000);
      await bob.resumes();
      scenario.passes(60_000);
      scenario.expect(`
        0s    ann offers bob       | ann < calling | bob < offer
        0s    bob rings            | ann < ringing
        20s   bob loses the socket
        30s   bob resumes          | bob < joined resumed [ringing]
        60s   …                    | recorded no_answer | ann < reject no_answer | bob < reject no_answer
      `);
    });

    test("tells a device that comes back how much is left of the ring", async () => {
      const { scenario, actors } = await play("ann", "bob");
      const [ann, bob] = actors;
      await bob.loses();
      await ann.offers("bob");
      scenario.clock.advance(20_000);
      scenario.clock.jump(jumpMs);
      await bob.resumes();
      const offer = bob.device.received.findLast((message) => message.type === "offer");
      assert.equal(offer?.expiresInMs, 40_000);
    });

    test("leaves a call its length, and its record without contradictions", async () => {
      const { scenario, ann } = await talking(jumpMs);
      const createdAtMs = Date.UTC(2026, 0, 1) + 1_000;
      scenario.clock.advance(50_000);
      await ann.hangsUp();
      const [record] = scenario.journal.records;
      assert.ok(record);
      assert.equal(record.endReason, "hangup");
      assert.equal(record.durationSec, 60);
      const { ringingAtMs = 0, answeredAtMs = 0, connectedAtMs = 0, endedAtMs } = record;
      assert.equal(record.createdAtMs, createdAtMs);
      assert.deepEqual(
        [ringingAtMs, answeredAtMs, connectedAtMs, endedAtMs].map((atMs) => atMs - createdAtMs),
        [0, 2_000, 3_000, 62_000],
      );
    });

    test("ends no call by max_duration before twelve hours of it", async () => {
      const { scenario } = await talking(jumpMs);
      scenario.clock.advance(12 * hourMs - 10_001);
      assert.deepEqual(ends(scenario), []);
      scenario.clock.advance(1);
      assert.deepEqual(ends(scenario), [["max_duration", 12 * 3_600]]);
    });

    test("gives a lost side its 45 seconds, and no more", async () => {
      const { scenario, ann, bob } = await talking(jumpMs);
      scenario.transcript.restart();
      await bob.loses();
      scenario.clock.jump(-jumpMs);
      scenario.passes(60_000);
      scenario.expect(`
        0s    bob loses the socket | ann < peerLost 45s
        45s   …                    | recorded connection_lost 10s | ann < hangup connection_lost
      `);
      await ann.leaves();
      assert.equal(scenario.node.engine.onlineUsers, 0);
    });
  });
}

describe("the creations of calls", () => {
  /** Ann calls somebody who is away: a call that is over at once. */
  async function place(ann: ScenarioActor): Promise<void> {
    await ann.offers("nobody");
  }
  const createdOf = (scenario: Scenario) => scenario.journal.records.map(({ createdAtMs }) => createdAtMs);

  test("rise though the clock is set back by hours, and over a restart", async () => {
    const { scenario, actors } = await play("ann");
    const [ann] = actors;
    const startMs = scenario.clock.now();
    await place(ann);
    scenario.clock.jump(-5 * hourMs);
    await place(ann);
    scenario.restart(10_000);
    await ann.joins();
    await place(ann);
    assert.deepEqual(createdOf(scenario), [startMs, startMs + 1, startMs + 2]);
  });

  test("follow the clock again once it is right, where it was wrong by more than a day", async () => {
    const { scenario, actors } = await play("ann");
    const [ann] = actors;
    const startMs = scenario.clock.now();
    const yearMs = 365 * 24 * hourMs;
    scenario.clock.jump(yearMs);
    await place(ann);
    scenario.clock.jump(-yearMs);
    await place(ann);
    scenario.restart();
    await ann.joins();
    await place(ann);
    assert.deepEqual(createdOf(scenario), [startMs + yearMs, startMs, startMs]);
  });
});

describe("a clock that is set while no process runs", () => {
  for (const jumpMs of [-400 * 24 * hourMs, -3 * hourMs, 0]) {
    test(`by ${jumpMs / hourMs} h leaves a ring what was left of it`, async () => {
      const { scenario, actors } = await play("ann", "bob");
      const [ann, bob] = actors;
      await ann.offers("bob");
      await bob.rings();
      scenario.clock.advance(20_000);
      scenario.clock.jump(jumpMs);
      scenario.restart();
      await ann.resumes();
      await bob.resumes();
      scenario.transcript.restart();
      scenario.passes(60_000);
      scenario.expect(`
        40s   … | recorded no_answer | ann < reject no_answer | bob < reject no_answer
      `);
    });
  }

  test("ahead by hours is time that went by, and what it ended has the length it had", async () => {
    const { scenario, ann, bob } = await talking(0);
    scenario.clock.advance(2_000);
    scenario.clock.jump(5 * hourMs);
    scenario.restart();
    await ann.resumes();
    await bob.resumes();
    for (const actor of [ann, bob]) assert.equal(actor.device.isOnline, true);
    assert.deepEqual(ends(scenario), []);
    scenario.clock.jump(-5 * hourMs);
    scenario.clock.advance(3_000);
    await ann.hangsUp();
    // No clock that is left can tell this from a node that was away for so long.
    assert.deepEqual(ends(scenario), [["hangup", 5 * 3_600 + 15]]);
  });

  test("ahead by more than a day counts as a day, so that tombstones and calls are over and nothing else is", async () => {
    const { scenario } = await talking(0);
    scenario.clock.jump(400 * 24 * hourMs);
    scenario.restart();
    assert.deepEqual(ends(scenario), [["max_duration", 12 * 3_600]]);
  });
});
