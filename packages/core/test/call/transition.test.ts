import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits } from "@echoo/protocol";
import { plainAbilities } from "../../src/call/abilities.ts";
import { isAnswered } from "../../src/call/call.ts";
import { defaultDeadlines, nextDeadline } from "../../src/call/deadlines.ts";
import { device, placed, playInputs, sender, startMs } from "./call-fixtures.ts";

const answer = { type: "answer", by: sender("bob"), sdp: "answer" } as const;

describe("the machine", () => {
  test("applies a deadline that has passed before the input, whatever the timers did", () => {
    const { call, rows } = playInputs(placed(), [[60_000, answer]]);
    assert.deepEqual(rows, [
      "60s ann < reject unreachable",
      "60s bob < reject unreachable",
      "60s record unreachable",
      "60s refuse too_late unreachable",
    ]);
    assert.ok(call.state === "ended" && call.endedAtMs === startMs + 60_000);
  });

  test("ends the ring busy where another call holds the lock of who answers", () => {
    const { rows } = playInputs(placed(), [[1_000, { ...answer, lockedBy: "other" }]]);
    assert.deepEqual(rows, ["1s ann < busy busy", "1s bob < busy busy", "1s record busy"]);
  });

  test("keeps at most the candidates that the limits allow, and relays the rest", () => {
    const candidates = Array.from({ length: 65 }, (_, i) => {
      return [0, { type: "candidate", by: sender("ann"), candidate: { candidate: `a${i}` } }] as const;
    });
    const { call, rows } = playInputs(placed(), candidates);
    assert.equal(rows.length, 65);
    assert.ok(call.state === "calling" && call.callerCandidates.length === 64);
  });

  const trickled = (session: string, count: number, text: (number: number) => string) =>
    Array.from({ length: count }, (_, i) => {
      return [0, { type: "candidate", by: sender(session), candidate: { candidate: text(i) } }] as const;
    });

  test("passes on so many candidates while it rings, and one more only where it is worth more than another", () => {
    const host = (i: number) => `candidate:${i} 1 udp 1 192.0.2.7 ${i} typ host`;
    const { call, rows } = playInputs(placed(), trickled("ann", limits.relayedCandidates, host));
    assert.equal(rows.length, limits.relayedCandidates);
    assert.deepEqual(
      playInputs(
        call,
        trickled("ann", 1, () => host(9_999)),
      ).rows,
      [],
    );
    const relay = trickled("ann", 1, () => "candidate:1 1 udp 1 198.51.100.7 1 typ relay");
    assert.deepEqual(playInputs(call, relay).rows, ["0s bob < candidate"]);
  });

  test("sends a device that comes late the relays, however many other candidates came before them", () => {
    const hosts = trickled("ann", 100, (i) => `candidate:${i} 1 udp 1 192.0.2.7 ${i} typ host`);
    const relays = trickled("ann", 4, (i) => `candidate:${i} 1 udp 1 198.51.100.7 ${i} typ relay`);
    const { call } = playInputs(placed(), [...hosts, ...relays]);
    const { rows } = playInputs(call, [[1_000, { type: "online", device: device("bob2") }]]);
    assert.equal(rows.filter((row) => row === "1s bob2 < candidate").length, 64);
    assert.ok(call.state === "calling");
    const texts = call.callerCandidates.map((value) => value?.candidate);
    for (const [, { candidate }] of relays) assert.ok(texts.includes(candidate.candidate));
  });

  test("holds no more candidates of all the devices that ring than their room, however many they are", () => {
    const devices = Array.from({ length: 32 }, (_, i) => device(`bob${i}`));
    const long = (i: number) => `candidate:${i} ${"x".repeat(1_900)} typ host`;
    const inputs = devices.flatMap(({ session }) => trickled(session, 20, long));
    const { call } = playInputs(placed({ devices }), inputs);
    assert.ok(call.state === "calling");
    const held = call.offered.flatMap((other) => other.held);
    const chars = held.reduce((sum, value) => sum + JSON.stringify(value).length, 0);
    assert.ok(chars <= limits.heldCandidateChars && chars > limits.heldCandidateChars - 2_000, String(chars));
  });

  test("changes nothing of an ended call, whatever comes", () => {
    const ended = playInputs(placed(), [[0, { type: "reject", by: sender("bob"), busy: false }]]).call;
    const inputs = ["time", "lost", "back", "gone", "sessionExpired", "adminEnd", "giveWay", "restarted"] as const;
    for (const type of inputs) {
      const { call, rows } = playInputs(ended, [[90_000, { type, session: "bob", provenAtMs: 0 }]]);
      assert.equal(call, ended);
      assert.deepEqual(rows, []);
    }
  });
});

describe("the next deadline", () => {
  const connecting = () => playInputs(placed(), [[10_000, answer]]).call;

  test("of a ring is the push, the caller's loss or the end, whichever is first", () => {
    const call = placed({ push: [{ device: "bob" }] });
    assert.deepEqual(nextDeadline(call, defaultDeadlines), { kind: "push", atMs: startMs + 3_000 });
    const lost = [4_000, { type: "lost", session: "ann", provenAtMs: startMs }] as const;
    assert.deepEqual(nextDeadline(playInputs(call, [lost]).call, defaultDeadlines), {
      kind: "callerLost",
      atMs: startMs + 14_000,
    });
    const late = [55_000, { type: "lost", session: "ann", provenAtMs: startMs }] as const;
    assert.deepEqual(nextDeadline(playInputs(call, [late]).call, defaultDeadlines), {
      kind: "ring",
      atMs: startMs + 60_000,
    });
  });

  test("of a connecting call is thirty seconds after the answer, and of a connected one twelve hours", () => {
    assert.deepEqual(nextDeadline(connecting(), defaultDeadlines), { kind: "connect", atMs: startMs + 40_000 });
    const { call } = playInputs(connecting(), [[11_000, { type: "connected", by: sender("ann") }]]);
    assert.deepEqual(nextDeadline(call, defaultDeadlines), { kind: "maxDuration", atMs: startMs + 43_210_000 });
  });

  test("while a leg is lost is the resume time of the first, or ninety seconds after the answer", () => {
    const lost = (session: string, afterMs: number) => [afterMs, { type: "lost", session, provenAtMs: 0 }] as const;
    const back = (session: string, afterMs: number) => [afterMs, { type: "back", session }] as const;
    const first = playInputs(connecting(), [lost("bob", 20_000), lost("ann", 30_000)]).call;
    assert.deepEqual(nextDeadline(first, defaultDeadlines), { kind: "resume", atMs: startMs + 65_000 });
    const again = playInputs(first, [back("ann", 60_000), back("bob", 61_000)]).call;
    assert.deepEqual(nextDeadline(again, defaultDeadlines), { kind: "connect", atMs: startMs + 76_000 });
    const late = playInputs(again, [lost("bob", 75_000)]).call;
    assert.deepEqual(nextDeadline(late, defaultDeadlines), { kind: "connect", atMs: startMs + 100_000 });
  });

  test("of two devices that cannot say that they are connected has no wait for that", () => {
    const call = placed({ devices: [device("bob", plainAbilities)] }, { device: device("ann", plainAbilities) });
    const answered = playInputs(call, [[0, answer]]).call;
    assert.ok(isAnswered(answered) && answered.state === "active");
    assert.equal(nextDeadline(answered, defaultDeadlines).kind, "maxDuration");
  });

  test("of an ended call is the end of its tombstone", () => {
    const { call } = playInputs(placed(), [[0, { type: "reject", by: sender("bob"), busy: false }]]);
    assert.deepEqual(nextDeadline(call, defaultDeadlines), { kind: "forget", atMs: startMs + 86_400_000 });
  });
});
