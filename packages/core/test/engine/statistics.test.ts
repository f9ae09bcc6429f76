import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits, type Sample } from "@echoo/protocol";
import { MemoryJournal, play } from "@echoo/testkit";

const dayMs = 24 * 3_600_000;

function samples(count: number, from = 0): Sample[] {
  return Array.from({ length: count }, (_, i) => ({ t: (from + i) * 2_000, rttMs: 40, lossPercent: 0 }));
}

/** The app's words for them. */
function reported(count: number, from = 0) {
  return samples(count, from).map(({ t }) => ({ timestamp: t, rttMs: 40, networkQuality: "GOOD" }));
}

async function talking(...names: string[]) {
  const { scenario, actors } = await play(...(names as [string, string]));
  const [ann, bob] = actors;
  await ann.offers("bob");
  await bob.answers();
  assert.ok(scenario.journal instanceof MemoryJournal);
  return { scenario, ann, bob, callId: bob.call, journal: scenario.journal };
}

describe("what clients measure", () => {
  test("is kept once: the app's report without its samples, and the samples as everybody's", async () => {
    const { ann, callId, journal } = await talking("ann (legacy)", "bob");
    const said = { callId, caller: "ann", callee: "bob", duration: 6, totalSamples: 3, avgRttMs: 40 };
    await ann.device.send({ type: "callStats", ...said, samples: reported(3) });
    assert.deepEqual(
      journal.reported.map(({ body }) => JSON.parse(body)),
      [said],
    );
    assert.deepEqual(
      journal.samples.flatMap((batch) => batch.samples),
      [0, 2_000, 4_000].map((t) => ({ t, rttMs: 40, networkQuality: "GOOD" })),
    );
  });

  test("of a call of twelve hours comes whole in one report, in pieces that are small", async () => {
    const { ann, callId, journal } = await talking("ann (legacy)", "bob");
    await ann.device.send({ type: "callStats", callId, samples: reported(14_400) });
    assert.equal(
      journal.samples.reduce((sum, batch) => sum + batch.samples.length, 0),
      14_400,
    );
    assert.ok(journal.samples.every((batch) => batch.samples.length <= limits.samplesPerBatch));
    assert.equal(new Set(journal.samples.map(({ batch }) => batch)).size, journal.samples.length);
  });

  test("is bounded by user and day, by whichever way it comes, and says when more is taken", async () => {
    const { scenario, ann, bob, callId, journal } = await talking("ann", "bob");
    const refusals = () =>
      ann.device.received.flatMap((message) => (message.type === "error" ? [[message.code, message.retryInMs]] : []));
    for (let sent = 0; sent < limits.samplesPerUserDay; sent += 14_400) {
      await ann.device.send({ type: "callStats", callId, samples: reported(14_400, sent) });
    }
    assert.deepEqual(refusals(), []);
    const kept = journal.samples.length;
    await ann.device.send({ type: "stats", callId, samples: samples(1) });
    await ann.device.send({ type: "callStats", callId, samples: reported(1) });
    assert.deepEqual(refusals(), [
      ["rate_limited", dayMs],
      ["rate_limited", dayMs],
    ]);
    const uploaded = { callId, reporter: "ann", batch: "b", receivedAtMs: scenario.clock.now(), samples: samples(1) };
    assert.equal(scenario.node.engine.keepSamples(uploaded), dayMs);
    assert.equal(journal.samples.length, kept);
    // The other side has a day of its own.
    await bob.device.send({ type: "stats", callId, samples: samples(5) });
    assert.equal(journal.samples.length, kept + 1);
    assert.equal(bob.device.received.filter(({ type }) => type === "error").length, 0);
  });
});
