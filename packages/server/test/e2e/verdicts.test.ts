import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { CurrentPeer, fakeAnswer, fakeOffer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce } from "./ask.ts";

/** Everybody is new in each test. */
let people = 0;
const somebody = () => `5554${String(++people).padStart(6, "0")}`;
const [offer, answer] = [fakeOffer(2), fakeAnswer(2)];

describe("what becomes of calls, over real sockets", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  async function ring() {
    const [ann, bob] = [somebody(), somebody()];
    const [a, b] = await Promise.all([ann, bob].map((userId) => CurrentPeer.connect(server.wsUrl, { userId })));
    assert.ok(a && b);
    const callId = randomUUID();
    a.send({ type: "offer", to: bob, callId, sdp: offer.sdp, neg: 1 });
    await b.next("offer");
    b.send({ type: "ringing", callId });
    await a.next("ringing");
    return { ann, bob, a, b, callId };
  }

  it("a callee whose microphone is refused learns why, and the caller does not", async () => {
    const { ann, bob, a, b, callId } = await ring();
    const events = [{ n: 0, t: Date.now(), kind: "media", audio: true, error: "NotAllowedError", label: "My headset" }];
    b.send({ type: "report", callId, sentAt: Date.now(), events, id: "told" });
    assert.equal((await b.raw.reply("told")).type, "ack");
    a.send({ type: "hangup", callId });
    await b.next("hangup");
    const code = ([newest]: readonly { verdict?: { code: string } }[]) => newest?.verdict?.code;
    const [bobs] = await historyOnce(server, bob, (calls) => code(calls) !== undefined);
    assert.deepEqual(bobs.verdict, { code: "permission_denied", side: "callee" });
    const [anns] = await historyOnce(server, ann, (calls) => code(calls) !== undefined);
    assert.deepEqual(anns.verdict, { code: "cancelled" });
  });

  it("declined, busy, offline and hung up at once are what they are", async () => {
    const declined = await ring();
    declined.b.send({ type: "reject", callId: declined.callId });
    await declined.a.next("reject");
    const hungUp = await ring();
    hungUp.b.send({ type: "answer", callId: hungUp.callId, sdp: answer.sdp, neg: 1 });
    await hungUp.a.next("answer");
    const busy = somebody();
    const third = await CurrentPeer.connect(server.wsUrl, { userId: busy });
    third.send({ type: "offer", to: hungUp.bob, sdp: offer.sdp, neg: 1 });
    await third.next("busy");
    hungUp.a.send({ type: "hangup", callId: hungUp.callId });
    await hungUp.b.next("hangup");
    const lonely = somebody();
    const fourth = await CurrentPeer.connect(server.wsUrl, { userId: lonely });
    fourth.send({ type: "offer", to: somebody(), sdp: offer.sdp, neg: 1 });
    await fourth.next("reject");
    for (const [who, code] of [
      [declined.ann, "declined"],
      [hungUp.ann, "unknown"],
      [busy, "busy"],
      [lonely, "callee_offline"],
    ] as const) {
      const [call] = await historyOnce(server, who, ([newest]) => newest?.verdict !== undefined);
      assert.equal(call.verdict?.code, code);
    }
  });

  it("a report of a call that its sender has no part in is refused where it asks, and says nothing where not", async () => {
    const { callId, a } = await ring();
    const stranger = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    const report = { type: "report", callId, sentAt: 1, events: [{ n: 0, t: 1, kind: "restart" }] };
    stranger.send(report);
    stranger.send({ ...report, id: "asked" });
    assert.equal((await stranger.raw.reply("asked")).type, "error");
    await stranger.expectNone("error", ({ id }) => id === undefined);
    a.send({ type: "hangup", callId });
  });
});
