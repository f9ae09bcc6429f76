import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallArbiter } from "../../src/arbiter/call-arbiter.ts";
import { isRinging } from "../../src/call/call.ts";
import { defaultDeadlines, nextDeadline } from "../../src/call/deadlines.ts";
import { device, effectWords, placed, playInputs, request, sender, startMs } from "./call-fixtures.ts";

const time = (afterMs: number) => [afterMs, { type: "time" }] as const;

describe("push", () => {
  test("goes out at once where the callee has no session", () => {
    const call = placed({ devices: [], hasPush: true });
    assert.deepEqual(nextDeadline(call, defaultDeadlines), { kind: "push", atMs: startMs });
    assert.deepEqual(playInputs(call, [time(0), time(10_000)]).rows, ["0s push bob"]);
  });

  test("goes out after three seconds in which a device did not acknowledge", () => {
    const call = placed({ devices: [device("bob"), device("bob tablet")], hasPush: true });
    const ringing = [1_000, { type: "ringing", by: sender("bob") }] as const;
    assert.deepEqual(playInputs(call, [ringing, time(2_999), time(3_000), time(9_000)]).rows, [
      "1s ann < ringing",
      "3s push bob",
    ]);
  });

  test("does not go out where every device rings", () => {
    const call = placed({ hasPush: true });
    assert.deepEqual(playInputs(call, [[1_000, { type: "ringing", by: sender("bob") }], time(5_000)]).rows, [
      "1s ann < ringing",
    ]);
  });

  test("keeps a call alive that its last session refuses as busy", () => {
    const call = placed({ devices: [device("bob"), device("bob tablet")], hasPush: true });
    const busy = (session: string) => ({ type: "reject", by: sender(session), busy: true }) as const;
    const { call: after, rows } = playInputs(call, [
      [1_000, busy("bob tablet")],
      time(3_000),
      [4_000, busy("bob")],
      [60_000, { type: "time" }],
    ]);
    assert.deepEqual(rows, [
      "1s bob tablet < busy busy",
      "3s push bob",
      "4s bob < busy busy",
      "60s ann < reject unreachable",
      "60s record unreachable",
    ]);
    assert.equal(after.state, "ended");
  });

  test("never goes out for a blocked caller, whose call rings for nobody and ends like one to a phone that is off", () => {
    const offline = placed({ devices: [], hasPush: true });
    const blocked = placed({ blockedCaller: true, hasPush: true });
    assert.ok(isRinging(blocked) && blocked.shadow);
    const toAnn = (rows: readonly string[]) => rows.filter((row) => row.includes("ann <"));
    const inputs = [
      time(0),
      [2_000, { type: "candidate", by: sender("ann"), candidate: { candidate: "a1" } }],
      [5_000, { type: "online", device: device("bob watch") }],
      [6_000, { type: "ringing", by: sender("bob watch") }],
      time(60_000),
    ] as const;
    const blockedRows = playInputs(blocked, inputs).rows;
    const offlineRows = playInputs(
      offline,
      inputs.filter(([, { type }]) => type === "time" || type === "candidate"),
    ).rows;
    assert.deepEqual(toAnn(blockedRows), toAnn(offlineRows));
    assert.ok(!blockedRows.some((row) => row.includes("push") || row.includes("bob watch < offer")));
  });

  test("a shadow call neither rings, locks nor merges its callee", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    arbiter.place(request({ blockedCaller: true, hasPush: true }));
    assert.deepEqual(arbiter.calls.ringsTo("bob"), []);
    assert.equal(arbiter.calls.liveOf("bob"), undefined);
    assert.equal(arbiter.calls.liveOf("ann")?.id, "c1");
    arbiter.takeEffects();
    const back = request(
      { devices: [device("ann")] },
      { by: sender("bob"), device: device("bob"), to: "ann", callId: "c2" },
    );
    assert.equal(arbiter.place(back), undefined);
    assert.deepEqual(arbiter.takeEffects().map(effectWords), [
      "bob < calling",
      "bob < busy busy",
      "record busy",
      "ann < missed busy",
    ]);
  });
});
