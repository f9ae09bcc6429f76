import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, fakeAnswer, fakeOffer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, historyOnce } from "./ask.ts";

const [offer, answer] = [fakeOffer(4), fakeAnswer(4)];
/** Longer than a start takes on a busy machine, and no longer than one wants to wait for. */
const [ringMs, resumeMs] = [15_000, 6_000];

interface Pair {
  readonly a: CurrentPeer;
  readonly b: CurrentPeer;
  readonly callId: string;
  readonly ringsUntilMs: number;
}

/** One process dies with calls in every state; another takes over on the same port and data. */
describe("a server that is killed in the middle of calls and rings", () => {
  let server: ServerProcess;
  let people = 0;
  let finished: Pair, resumed: Pair, halfBack: Pair, nobodyBack: Pair;
  let rungOn: Pair, unanswered: Pair, orphaned: Pair;

  before(async () => {
    const env = { ECHOO_RING_MS: String(ringMs), ECHOO_RESUME_MS: String(resumeMs), ECHOO_LOG_LEVEL: "warn" };
    server = await spawnServer({ env });
    finished = await answered();
    finished.a.send({ type: "hangup", callId: finished.callId });
    await finished.b.next("hangup");
    [resumed, halfBack, nobodyBack] = [await answered(), await answered(), await answered()];
    [rungOn, unanswered, orphaned] = [await ringing(), await ringing(), await ringing()];
    for (const { a, b } of pairs()) await Promise.all([a.confirm(), b.confirm()]);
    await server.kill("SIGKILL");
    for (const { a, b } of pairs()) await Promise.all([a.closed(), b.closed()]);
    await server.start();
  });
  after(() => server.stop());

  test("a running call goes on: both come back to it, and the ICE restart passes", async () => {
    const { a, b, callId } = resumed;
    for (const [peer, state] of [
      [b, "reconnecting"],
      [a, "active"],
    ] as const) {
      const joined = await peer.resume();
      assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
      const [call] = joined.calls;
      assert.deepEqual([call?.callId, call?.bound, call?.state], [callId, true, state]);
    }
    await b.next("peerBack");
    const [again, back] = [fakeOffer(5), fakeAnswer(5)];
    a.send({ type: "offer", to: b.joined.userId, callId, sdp: again.sdp, neg: 2, id: "restart" });
    assert.equal((await a.raw.reply("restart")).type, "ack");
    assert.deepEqual(strip(await b.next("offer")), [callId, again.sdp, 2]);
    b.send({ type: "answer", callId, sdp: back.sdp, neg: 2 });
    assert.deepEqual(strip(await a.next("answer")), [callId, back.sdp, 2]);
    a.send({ type: "hangup", callId });
    await b.next("hangup");
    await sameInBoth(resumed, "hangup");
  });

  test("a ring goes on: the caller keeps its call, the callee is offered it with the time left, and answers", async () => {
    const { a, b, callId, ringsUntilMs } = rungOn;
    assert.deepEqual((await a.resume()).rebound, [callId]);
    await b.resume();
    const again = await b.next("offer");
    assert.deepEqual([again.callId, again.sdp], [callId, offer.sdp]);
    const leftMs = ringsUntilMs - Date.now();
    assert.ok(Math.abs((again.expiresInMs ?? 0) - leftMs) < 500, `${again.expiresInMs} ms, not ${leftMs}`);
    b.send({ type: "answer", callId, sdp: answer.sdp });
    assert.equal((await a.next("answer")).sdp, answer.sdp);
    b.send({ type: "hangup", callId });
    await a.next("hangup");
    await sameInBoth(rungOn, "hangup");
  });

  test("a ring that nobody answers ends by the deadline that it had before", async () => {
    const { a, callId, ringsUntilMs } = unanswered;
    assert.deepEqual((await a.resume()).rebound, [callId]);
    const told = await a.next("reject");
    assert.deepEqual([told.callId, told.reason], [callId, "no_answer"]);
    const lateMs = Date.now() - ringsUntilMs;
    assert.ok(lateMs > -100 && lateMs < 3_000, `${lateMs} ms late`);
    await sameInBoth(unanswered, "no_answer");
  });

  test("a call that one side does not come back to ends for the other, as the restart's doing", async () => {
    const { a, callId } = halfBack;
    const { calls } = await a.resume();
    const told = calls.find((call) => call.callId === callId);
    if (told?.state !== "ended") assert.equal((await a.next("hangup")).reason, "server_restart");
    await sameInBoth(halfBack, "server_restart");
  });

  test("a call to which no side comes back ends all the same, with a record", async () => {
    await sameInBoth(nobodyBack, "server_restart");
    await sameInBoth(orphaned, "cancelled");
    await sameInBoth(finished, "hangup");
    assert.equal((await ask(server, "GET /api/health")).body.activeCalls, 0);
  });

  test("a second death changes no history, ids stay used, and nobody is busy for ever", async () => {
    await server.kill("SIGKILL");
    await server.start();
    for (const { a, b, callId } of pairs()) {
      const [caller, callee] = [a.joined.userId, b.joined.userId];
      for (const user of [caller, callee]) {
        const calls = await historyOnce(server, user, () => true);
        assert.deepEqual(
          calls.map((call) => call.callId),
          [callId],
        );
      }
      const [again, other] = [await current(caller), await current(callee)];
      again.send({ type: "offer", to: callee, sdp: offer.sdp, callId, id: "old" });
      const refusal = await again.raw.reply("old");
      assert.equal(refusal.type === "error" && refusal.code, "call_id_used");
      again.send({ type: "hangup", callId, id: "over" });
      assert.equal((await again.raw.reply("over")).type, "ack");
      const fresh = randomUUID();
      again.send({ type: "offer", to: callee, sdp: offer.sdp, callId: fresh });
      assert.equal((await other.next("offer")).callId, fresh);
      other.send({ type: "reject", callId: fresh });
      assert.equal((await again.next("reject")).reason, "declined");
    }
    assert.deepEqual(server.faults(), []);
  });

  function pairs(): Pair[] {
    return [finished, resumed, halfBack, nobodyBack, rungOn, unanswered, orphaned];
  }

  function current(userId: string): Promise<CurrentPeer> {
    return CurrentPeer.connect(server.wsUrl, { userId, deviceId: "phone", deadlineMs: 2 * ringMs });
  }

  async function ringing(): Promise<Pair> {
    const numbers = [++people, ++people].map((n) => `5553${String(n).padStart(6, "0")}`);
    const [a, b] = [await current(numbers[0] ?? ""), await current(numbers[1] ?? "")];
    const callId = randomUUID();
    a.send({ type: "offer", to: b.joined.userId, sdp: offer.sdp, callId, neg: 1 });
    const { expiresInMs } = await a.next("calling");
    const ringsUntilMs = Date.now() + expiresInMs;
    await b.next("offer");
    b.send({ type: "ringing", callId });
    await a.next("ringing");
    return { a, b, callId, ringsUntilMs };
  }

  async function answered(): Promise<Pair> {
    const pair = await ringing();
    const { a, b, callId } = pair;
    b.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
    await a.next("answer");
    for (const peer of [a, b]) {
      peer.send({ type: "connected", callId });
      await peer.settle();
    }
    return pair;
  }

  /** Exactly one record each, and the same in both. */
  async function sameInBoth({ a, b, callId }: Pair, endReason: string): Promise<void> {
    const seen = [];
    for (const peer of [a, b]) {
      const calls = await historyOnce(server, peer.joined.userId, (all) => all.length > 0);
      const told = calls.map(({ callId, startTime, endTime, duration, endReason }) => {
        return { callId, startTime, endTime, duration, endReason };
      });
      seen.push(told);
    }
    assert.deepEqual(seen[0], seen[1]);
    assert.deepEqual(
      seen[0]?.map((call) => [call.callId, call.endReason]),
      [[callId, endReason]],
    );
  }
});

function strip(message: { callId: string; sdp: string; neg?: number | undefined }) {
  return [message.callId, message.sdp, message.neg];
}
