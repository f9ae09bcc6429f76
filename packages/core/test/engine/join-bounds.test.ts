import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, Scenario } from "@echoo/testkit";
import { endedListedMax } from "../../src/engine/call-summaries.ts";
import { sessionsPerUserMax } from "../../src/engine/sessions/session-registry.ts";

async function withSessions(count: number) {
  const scenario = new Scenario();
  const joins = async (label: string) => {
    const device = scenario.device(label);
    await device.connect({ resume: false });
    return device;
  };
  const devices = [];
  for (let n = 0; n < count; n += 1) devices.push(await joins(`bob's device ${n}`));
  return { scenario, devices, joins };
}

describe("the sessions of a user", () => {
  test("are so many, and one more is refused while all of them are here", async () => {
    const { devices, joins } = await withSessions(sessionsPerUserMax);
    assert.ok(devices.every(({ session }) => session !== undefined));
    assert.equal((await joins("bob's tablet")).session, undefined);
    assert.ok(devices.every(({ session }) => session?.isOver === false));
    assert.ok((await joins("ann")).session);
  });

  test("past their bound make room with one whose socket is gone, rather one without a call", async () => {
    const { scenario, devices, joins } = await withSessions(sessionsPerUserMax);
    await joins("ann");
    const [calling, idle] = devices;
    const sdp = "v=0";
    await calling?.send({ type: "offer", to: "ann", sdp, callId: scenario.id(scenario.proposeCall()) });
    for (const device of [calling, idle]) device?.loseSocket();
    assert.ok((await joins("bob's tablet")).session);
    assert.deepEqual([calling?.session?.isOver, idle?.session?.isOver], [false, true]);
    assert.ok((await joins("bob's car")).session);
    assert.equal(calling?.session?.isOver, true);
    assert.equal((await joins("bob's boat")).session, undefined);
  });
});

test("of more ended calls than a join is told of it is told of the newest", async () => {
  const { scenario, actors } = await play("ann", "bob");
  const [ann, bob] = actors;
  const calls: string[] = [];
  for (let n = 0; n <= endedListedMax; n += 1) {
    await ann.offers("bob");
    calls.push(bob.call);
    await bob.rejects();
    scenario.passes(1_000);
  }
  await ann.joins();
  const joined = ann.last;
  assert.ok(joined?.type === "joined");
  assert.deepEqual(
    joined.calls?.map(({ callId }) => callId),
    calls.slice(1).toReversed(),
  );
});
