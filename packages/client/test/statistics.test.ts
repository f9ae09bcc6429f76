import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settled } from "./bench.ts";
import { connected, ringing, type TwoSides } from "./two-sides.ts";

/** Lets samples be taken, one every two seconds. */
async function measure({ clock, board }: TwoSides, samples: number): Promise<void> {
  for (let taken = 0; taken < samples; taken += 1) {
    clock.advance(2_000);
    await board.settle();
  }
}

function batches({ ann }: TwoSides): number[] {
  return ann.socket.received.flatMap((message) => (message.type === "stats" ? [message.samples.length] : []));
}

describe("statistics", () => {
  it("are sampled every 2 s and sent every 10 s", async () => {
    const sides = await connected({ video: true });
    await measure(sides, 9);
    assert.deepEqual(batches(sides), [5, 5]);
    const { samples } = sides.ann.socket.last("stats");
    assert.equal((samples[1]?.t ?? 0) - (samples[0]?.t ?? 0), 2_000);
    assert.equal(samples[1]?.rttMs, 40);
    assert.equal(samples[1]?.recvKbps, 832);
  });

  it("are kept for the page, the last 300 of them", async () => {
    const sides = await connected();
    const { annCall } = sides;
    for (let minute = 0; minute < 11; minute += 1) {
      await measure(sides, 30);
      for (const { socket } of [sides.ann, sides.bob]) socket.say({ type: "pong", time: 0, n: 1_000_000 });
    }
    assert.equal(annCall.samples.length, 300);
    assert.equal(annCall.samples.at(-1)?.t, sides.clock.now());
  });

  it("are not taken while no media flows", async () => {
    const sides = await ringing();
    await measure(sides, 5);
    assert.deepEqual(sides.annCall.samples, []);
  });

  it("wait while the server is away, the newest two minutes of them", async () => {
    const sides = await connected();
    sides.ann.socket.drop(1006);
    // The network stays away: each new socket breaks before it joins.
    for (let taken = 0; taken < 80; taken += 1) {
      sides.clock.advance(2_000);
      await settled();
      if (!sides.ann.socket.closed) sides.ann.socket.drop(1006);
    }
    sides.ann.retries().joins({ resumed: true, n: 1_000_000 });
    await measure(sides, 1);
    assert.deepEqual(batches(sides), [60]);
  });

  it("come back as quality of either side, this side's with its newest sample", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    await measure(sides, 2);
    const quality = { type: "quality", callId: annCall.id, mos: 4.2, level: "good" } as const;
    ann.socket.say({ ...quality, from: "ann", warnings: ["rtt"] });
    ann.socket.say({ ...quality, from: "bob", mos: 2.5, level: "poor" });
    assert.deepEqual(annCall.quality, { mos: 4.2, level: "good", warnings: ["rtt"], sample: annCall.samples.at(-1) });
    assert.deepEqual(annCall.peerQuality, { mos: 2.5, level: "poor", warnings: [], sample: undefined });
  });

  it("show the loss and delay of the path", async () => {
    const sides = await connected();
    Object.assign(sides.network, { lossPercent: 10, rttMs: 300 });
    await measure(sides, 3);
    const sample = sides.annCall.samples.at(-1);
    assert.equal(sample?.rttMs, 300);
    assert.equal(Math.round(sample?.lossPercent ?? 0), 10);
  });
});
