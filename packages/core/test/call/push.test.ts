import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallArbiter } from "../../src/arbiter/call-arbiter.ts";
import { type Call, isRinging } from "../../src/call/call.ts";
import { defaultDeadlines, nextDeadline } from "../../src/call/deadlines.ts";
import type { PushOutcome } from "../../src/ports/push-service.ts";
import { device, effectWords, placed, playInputs, request, sender, startMs } from "./call-fixtures.ts";

const time = (afterMs: number) => [afterMs, { type: "time" }] as const;
const off = { devices: [], push: [{ device: "phone" }] };
const pushed = (afterMs: number, kind: "ring" | "stop", outcome: PushOutcome, name = "phone") =>
  [afterMs, { type: "pushed", kind, device: name, outcome }] as const;
const shown = (afterMs: number, name = "phone") => [afterMs, { type: "pushRinging", device: name }] as const;
const hangup = (afterMs: number) => [afterMs, { type: "hangup", by: sender("ann"), iceFailed: false }] as const;
const answer = (afterMs: number, session: string) =>
  [afterMs, { type: "answer", by: sender(session), sdp: "answer" }] as const;
const online = (afterMs: number, session: string, token?: string) =>
  [
    afterMs,
    { type: "online", isTaken: false, device: { ...device(session), ...(token === undefined ? {} : { token }) } },
  ] as const;

const slot = (call: Call, name = "phone") => call.pushes?.find((one) => one.device === name);

describe("a ring push", () => {
  test("goes out at once to a device without a session, and once", () => {
    const call = placed(off);
    assert.deepEqual(nextDeadline(call, defaultDeadlines), { kind: "push", atMs: startMs });
    assert.deepEqual(playInputs(call, [time(0), pushed(100, "ring", "sent"), time(10_000)]).rows, [
      "0s push ring phone",
    ]);
  });

  test("goes out after three seconds to a device whose session did not acknowledge, and not to one that rings", () => {
    const push = [{ device: "bob" }, { device: "bob tablet" }];
    const call = placed({ devices: [device("bob"), device("bob tablet")], push });
    const ringing = [1_000, { type: "ringing", by: sender("bob") }] as const;
    assert.deepEqual(playInputs(call, [ringing, time(2_999), time(3_000), time(9_000)]).rows, [
      "1s ann < ringing",
      "3s push ring bob tablet",
    ]);
  });

  test("goes out at once to a phone whose owner is there with another device alone", () => {
    const call = placed({ devices: [device("bob")], push: [{ device: "phone", token: "t2" }] });
    assert.deepEqual(playInputs(call, [time(0)]).rows, ["0s push ring phone"]);
  });

  test("is kept from a device that has a session of its token, whatever that one's id", () => {
    const tab = { ...device("tab"), token: "t1" };
    const call = placed({ devices: [tab], push: [{ device: "browser", token: "t1" }] });
    assert.equal(nextDeadline(call, defaultDeadlines).atMs, startMs + 3_000);
  });

  test("never goes to the device that calls", () => {
    const call = placed({ devices: [], push: [{ device: "ann" }, { device: "phone" }] });
    assert.deepEqual(
      call.pushes?.map((one) => one.device),
      ["phone"],
    );
  });

  test("is not begun for a caller who had this callee woken too often, who sees no difference", () => {
    const call = placed({ ...off, mayRing: false });
    const { rows } = playInputs(call, [time(0), time(60_000)]);
    assert.deepEqual(rows, ["60s ann < reject unreachable", "60s record unreachable", "60s push stop phone"]);
  });

  test("does not show the caller how it fares: no outcome ends the call or says that it rings", () => {
    const toAnn = (outcome: PushOutcome) =>
      playInputs(placed(off), [time(0), pushed(100, "ring", outcome), time(60_000)]).rows.filter((row) =>
        row.includes("ann"),
      );
    for (const outcome of ["sent", "unsure", "none", "gone"] as const) {
      assert.deepEqual(toAnn(outcome), ["60s ann < reject unreachable"], outcome);
    }
  });

  test("is begun once more after a death in which it is not known whether it was made", () => {
    const restart = [5_000, { type: "restarted", provenAtMs: startMs }] as const;
    assert.deepEqual(playInputs(placed(off), [time(0), restart, pushed(6_000, "ring", "sent")]).rows, [
      "0s push ring phone",
      "5s push ring phone",
    ]);
    const known = playInputs(placed(off), [time(0), pushed(100, "ring", "sent"), restart]).rows;
    assert.deepEqual(known, ["0s push ring phone"]);
  });
});

describe("a device that was woken", () => {
  const woken = () => playInputs(placed(off), [time(0), pushed(100, "ring", "sent")]).call;

  test("says that it rings without a session, and only then the caller hears it", () => {
    const { call, rows } = playInputs(woken(), [shown(2_000), shown(2_500)]);
    assert.deepEqual(rows, ["2s ann < ringing"]);
    assert.equal(call.state, "ringing");
    const end = playInputs(call, [time(60_000)]).rows;
    assert.deepEqual(end, ["60s ann < reject no_answer", "60s record no_answer", "60s push stop phone"]);
  });

  test("declines without a session, and is told nothing more", () => {
    const reject = [3_000, { type: "pushReject", device: "phone", busy: false }] as const;
    const { call, rows } = playInputs(woken(), [reject, time(9_000)]);
    assert.deepEqual(rows, ["3s ann < reject declined", "3s record declined"]);
    assert.equal(slot(call)?.stop?.standing, "done");
  });

  test("declines for all: what else rings is told so", () => {
    const call = placed({ devices: [device("bob")], push: [{ device: "phone" }, { device: "watch" }] });
    const reject = [4_000, { type: "pushReject", device: "phone", busy: false }] as const;
    const before = [time(0), pushed(1, "ring", "sent"), pushed(1, "ring", "sent", "watch")] as const;
    assert.deepEqual(playInputs(call, [...before, reject, time(4_000)]).rows.slice(2), [
      "4s ann < reject declined",
      "4s bob < hangup declined_elsewhere",
      "4s record declined",
      "4s push stop watch",
    ]);
  });

  test("that is busy stops alone, while another one may ring", () => {
    const call = placed({ devices: [], push: [{ device: "phone" }, { device: "watch" }] });
    const busy = (name: string, afterMs: number) =>
      [afterMs, { type: "pushReject", device: name, busy: true }] as const;
    const before = [time(0), pushed(1, "ring", "sent"), pushed(1, "ring", "sent", "watch")] as const;
    const first = playInputs(call, [...before, busy("phone", 2_000), online(3_000, "phone")]);
    assert.deepEqual(first.rows.slice(2), []);
    assert.deepEqual(playInputs(first.call, [busy("watch", 4_000)]).rows, ["4s ann < busy busy", "4s record busy"]);
  });

  test("joins and is offered what is left; that one answers, and the others are told", () => {
    const call = placed({ devices: [], push: [{ device: "phone", token: "t1" }, { device: "watch" }] });
    const before = [time(0), pushed(1, "ring", "sent"), pushed(1, "ring", "sent", "watch")] as const;
    const { rows } = playInputs(call, [...before, online(5_000, "bob", "t1"), answer(6_000, "bob"), time(6_000)]);
    assert.deepEqual(rows.slice(2), ["5s bob < offer", "6s ann < answer", "6s claim bob", "6s push stop watch"]);
  });

  test("comes too late, and hears how it ended", () => {
    const cancelled = playInputs(woken(), [hangup(2_000), shown(3_000)]).rows;
    assert.equal(cancelled.at(-1), "3s refuse too_late cancelled");
    const call = placed({ devices: [device("bob")], push: [{ device: "phone" }] });
    const answered = playInputs(call, [time(0), pushed(1, "ring", "sent"), answer(2_000, "bob"), shown(3_000)]).rows;
    assert.equal(answered.at(-1), "3s refuse too_late answered_elsewhere");
  });

  test("of another call is none of this one", () => {
    assert.deepEqual(playInputs(woken(), [shown(2_000, "stranger")]).rows, ["2s refuse not_bound"]);
  });
});

describe("a stop", () => {
  test("waits for the outcome of its ring, and is made where that may ring", () => {
    const ended = playInputs(placed(off), [time(0), hangup(500), time(900)]);
    assert.deepEqual(ended.rows.slice(3), []);
    for (const outcome of ["sent", "unsure"] as const) {
      assert.deepEqual(playInputs(ended.call, [pushed(1_000, "ring", outcome), time(1_000)]).rows, [
        "1s push stop phone",
      ]);
    }
    assert.deepEqual(playInputs(ended.call, [pushed(1_000, "ring", "gone"), time(1_000)]).rows, []);
  });

  test("of a ring that was never made tells of the missed call alone", () => {
    const ended = playInputs(placed(off), [time(0), hangup(500), pushed(1_000, "ring", "none"), time(1_000)]);
    assert.deepEqual(ended.rows.slice(3), ["1s push stop phone"]);
    assert.deepEqual([slot(ended.call)?.ring, slot(ended.call)?.stop?.missed], ["none", true]);
  });

  test("is made once, and once more after a death before its outcome", () => {
    const before = [time(0), pushed(1, "ring", "sent"), hangup(500), time(500)] as const;
    const restart = [5_000, { type: "restarted", provenAtMs: startMs }] as const;
    const stops = (rows: readonly string[]) => rows.filter((row) => row.includes("push stop"));
    const once = playInputs(placed(off), [...before, pushed(600, "stop", "sent"), time(90_000), restart]);
    assert.deepEqual(stops(once.rows), ["0.5s push stop phone"]);
    assert.deepEqual(stops(playInputs(placed(off), [...before, restart]).rows), [
      "0.5s push stop phone",
      "5s push stop phone",
    ]);
  });

  test("after a death in which it is not known whether it rings is made all the same", () => {
    const restart = [5_000, { type: "restarted", provenAtMs: startMs }] as const;
    const { rows } = playInputs(placed(off), [time(0), hangup(500), restart]);
    assert.deepEqual(rows.slice(3), ["5s push stop phone"]);
  });

  test("waits twenty seconds for a device on a live socket, which is told there", () => {
    const push = [{ device: "bob" }];
    const before = [time(3_000), pushed(3_001, "ring", "sent", "bob"), hangup(4_000)] as const;
    assert.deepEqual(playInputs(placed({ push }), [...before, time(23_999), time(24_000)]).rows, [
      "3s push ring bob",
      "4s ann < hangup cancelled",
      "4s bob < hangup cancelled",
      "4s record cancelled",
      "24s push stop bob",
    ]);
  });

  test("of a missed call goes to devices that did not ring, and not to one that said so", () => {
    const push = [{ device: "bob" }, { device: "bob tablet" }];
    const call = placed({ devices: [device("bob"), device("bob tablet")], push });
    const ringing = [1_000, { type: "ringing", by: sender("bob") }] as const;
    const { rows } = playInputs(call, [ringing, hangup(2_000), time(21_999), time(22_000), time(60_000)]);
    assert.deepEqual(
      rows.filter((row) => row.includes("push")),
      ["22s push stop bob tablet"],
    );
  });

  test("is owed to nobody who was never rung, where the call was taken", () => {
    const push = [{ device: "bob" }, { device: "bob tablet" }];
    const call = placed({ devices: [device("bob"), device("bob tablet")], push });
    const { rows } = playInputs(call, [answer(1_000, "bob"), hangup(2_000), time(60_000)]);
    assert.ok(!rows.some((row) => row.includes("push")));
  });

  test("of a busy callee's missed call goes to the devices that are not connected", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    arbiter.place(request({}, { by: sender("cleo"), device: device("cleo"), callId: "c0" }));
    arbiter.apply("c0", { type: "answer", by: sender("bob"), sdp: "answer", nowMs: startMs });
    arbiter.takeEffects();
    arbiter.place(request({ push: [{ device: "phone" }] }));
    arbiter.apply("c1", { type: "time", nowMs: startMs });
    assert.deepEqual(arbiter.takeEffects().map(effectWords), [
      "ann < calling",
      "ann < busy busy",
      "record busy",
      "bob < missed busy",
      "push stop phone",
    ]);
  });

  test("is told to the other devices when both sides dial each other, and not to the one that dialled", () => {
    const push = [{ device: "bob" }, { device: "watch" }];
    const dialler = device("bob");
    const merge = [2_000, { type: "merge", dialler, attempt: "c2", proposed: true }] as const;
    const call = placed({ devices: [], push });
    const before = [time(0), pushed(1, "ring", "sent", "bob"), pushed(1, "ring", "sent", "watch")] as const;
    const { rows } = playInputs(call, [...before, merge, time(2_000)]);
    assert.deepEqual(rows.slice(2), ["2s bob < calling", "2s push stop watch"]);
  });
});

describe("with push", () => {
  test("a call stays alive that its last session refuses as busy", () => {
    const push = [{ device: "bob tablet" }, { device: "phone" }];
    const call = placed({ devices: [device("bob tablet")], push });
    const busy = [1_000, { type: "reject", by: sender("bob tablet"), busy: true }] as const;
    assert.deepEqual(playInputs(call, [time(0), busy, time(60_000)]).rows, [
      "0s push ring phone",
      "1s bob tablet < busy busy",
      "60s ann < reject unreachable",
      "60s record unreachable",
    ]);
  });

  const inputs = [
    time(0),
    [2_000, { type: "candidate", by: sender("ann"), candidate: { candidate: "a1" } }],
    online(5_000, "bob watch"),
    [6_000, { type: "ringing", by: sender("bob watch") }],
    shown(7_000),
    time(60_000),
    time(90_000),
  ] as const;
  const reached = ({ type }: { type: string }) => type !== "online" && type !== "ringing" && type !== "pushRinging";
  const toAnn = (rows: readonly string[]) => rows.filter((row) => row.includes("ann <"));
  const offline = () =>
    playInputs(
      placed(off),
      inputs.filter(([, input]) => reached(input)),
    ).rows;

  test("a blocked caller's call reaches nobody, and ends like one to a phone that is off", () => {
    const blocked = placed({ ...off, blockedCaller: true });
    assert.ok(isRinging(blocked) && blocked.shadow && blocked.pushes === undefined);
    const { rows } = playInputs(blocked, inputs);
    assert.deepEqual(toAnn(rows), toAnn(offline()));
    assert.ok(!rows.some((row) => row.includes("push") || row.includes("bob watch < offer")));
  });

  test("who does not want to be disturbed looks like a phone that is off, and has it in their history", () => {
    const quiet = placed({ ...off, devices: [device("bob")], doNotDisturb: true });
    const { rows } = playInputs(quiet, inputs);
    assert.deepEqual(toAnn(rows), toAnn(offline()));
    assert.ok(!rows.some((row) => row.includes("push") || row.includes("< offer")));
    assert.ok(rows.includes("60s record do_not_disturb"));
  });

  test("a shadow call neither rings, locks nor merges its callee", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    arbiter.place(request({ blockedCaller: true, push: [{ device: "phone" }] }));
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

describe("a callee of whom nothing is known yet", () => {
  const reading = () => placed({ isKnown: "reading", devices: [] });
  const facts = { ...request().callee, devices: [] };
  const read = (more: object) =>
    [10, { type: "screened", callee: { ...facts, ...more }, calleeLive: false, taken: new Set() }] as const;

  test("is called, and nobody else learns of it until it is known what they want", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    arbiter.place(request({ isKnown: "reading", devices: [] }));
    assert.deepEqual(arbiter.takeEffects().map(effectWords), ["ann < calling", "claim ann"]);
    assert.deepEqual(arbiter.calls.ringsTo("bob"), []);
    const rest = { calleeLive: false, taken: new Set<string>(), nowMs: startMs };
    arbiter.apply("c1", { type: "screened", callee: { ...facts, push: [{ device: "phone" }] }, ...rest });
    assert.equal(arbiter.calls.ringsTo("bob").length, 1);
  });

  test("rings then, is blocked or left in peace as if it had been known", () => {
    const rows = (more: object) => playInputs(reading(), [read(more), time(10)]).rows.map((row) => row.slice(6));
    assert.deepEqual(rows({ push: [{ device: "phone" }] }), ["push ring phone"]);
    assert.deepEqual(rows({ push: [{ device: "phone" }], blockedCaller: true }), []);
    assert.deepEqual(rows({ push: [{ device: "phone" }], doNotDisturb: true }), []);
    for (const more of [{}, { blockedCaller: true }, { isKnown: false }]) {
      assert.deepEqual(rows(more), ["ann < reject unreachable", "record unreachable"]);
    }
    assert.deepEqual(rows({ doNotDisturb: true }), ["ann < reject unreachable", "record do_not_disturb"]);
    assert.deepEqual(rows({ devices: [device("bob")] }), ["bob < offer"]);
  });

  test("never learns of a call that ended before", () => {
    const { call } = playInputs(reading(), [hangup(5), read({ push: [{ device: "phone" }] })]);
    assert.ok(call.state === "ended" && call.callerOnly);
  });
});
