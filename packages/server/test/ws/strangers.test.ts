import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { answer, offer, somebody, type Talk, talk } from "./talk.ts";

/** What may be said of a call, without its id and addressee. */
const foreignMessages: Readonly<Record<string, object>> = {
  ringing: { type: "ringing" },
  answer: { type: "answer", sdp: answer.sdp },
  candidate: { type: "candidate", candidate: offer.candidates(1)[0] },
  connected: { type: "connected" },
  reject: { type: "reject" },
  hangup: { type: "hangup" },
  mediaState: { type: "mediaState", audio: false },
  chat: { type: "chat", to: "5550000001", message: "let me in" },
  emoji: { type: "emoji", to: "5550000001", emoji: "👋" },
  stats: { type: "stats", samples: [{ t: 1_700_000_000_000, rttMs: 10 }] },
  callStats: { type: "callStats", caller: "5550000001", callee: "5550000002", duration: 1, samples: [] },
};

describe("a stranger to a call", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
  });
  after(() => server.stop());

  for (const [what, message] of Object.entries(foreignMessages)) {
    test(`a stranger's ${what} in a call of others gets an error, reaches nobody and changes nothing`, async () => {
      const { a, b, callId } = await talk(server);
      const before = [a, b].map((peer) => peer.raw.receivedTexts.length);
      const eve = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
      for (const to of [a.joined.userId, b.joined.userId, undefined]) {
        eve.send({ ...message, callId, ...(to === undefined ? {} : { to }), from: a.joined.userId, id: "foreign" });
        const reply = await eve.raw.reply("foreign");
        assert.equal(reply.type, "error", JSON.stringify(reply));
      }
      await goesOn({ a, b, callId }, before);
      assert.deepEqual(await historyOnce(server, eve.joined.userId, () => true), []);
    });
  }

  test("a stranger's offer under a call's id is refused, and that call goes on", async () => {
    const { a, b, callId } = await talk(server);
    const before = [a, b].map((peer) => peer.raw.receivedTexts.length);
    const eve = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    for (const to of [a.joined.userId, b.joined.userId]) {
      eve.send({ type: "offer", to, sdp: offer.sdp, callId, id: "foreign" });
      const reply = await eve.raw.reply("foreign");
      assert.equal(reply.type === "error" && reply.code, "call_id_used");
    }
    await goesOn({ a, b, callId }, before);
  });

  test("a device of the same user that is not part of the call is a stranger to it, too", async () => {
    const { a, b, callId } = await talk(server);
    const tablet = await CurrentPeer.connect(server.wsUrl, { userId: b.joined.userId });
    const before = [a, b].map((peer) => peer.raw.receivedTexts.length);
    for (const [what, message] of Object.entries(foreignMessages)) {
      // Whether it rings here is no longer a question.
      if (what === "ringing") continue;
      tablet.send({ ...message, callId, to: a.joined.userId, id: what });
      const reply = await tablet.raw.reply(what);
      assert.equal(reply.type, "error", what);
    }
    await goesOn({ a, b, callId }, before);
  });

  test("each such message is counted by the error that it got", async () => {
    const counted = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const counts = [...text.matchAll(/^echoo_refusals_total\{where="ws",code="\w+"\} (\d+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const { callId } = await talk(server);
    const eve = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    const before = await counted();
    for (const [what, message] of Object.entries(foreignMessages)) {
      eve.send({ ...message, callId, id: what });
      await eve.raw.reply(what);
    }
    assert.equal((await counted()) - before, Object.keys(foreignMessages).length);
  });

  async function goesOn({ a, b, callId }: Talk, before: readonly number[]): Promise<void> {
    for (const peer of [a, b]) await peer.settle();
    const since = [a, b].map((peer, i) => peer.raw.receivedTexts.slice(before[i]));
    for (const texts of since)
      assert.deepEqual(
        texts.filter((text) => !text.includes('"pong"')),
        [],
      );
    a.send({ type: "hangup", callId });
    assert.equal((await b.next("hangup")).reason, "hangup");
    for (const peer of [a, b]) {
      const calls = await historyOnce(server, peer.joined.userId, (all) => all.length > 0);
      assert.deepEqual(
        calls.map((call) => [call.callId, call.endReason]),
        [[callId, "hangup"]],
      );
    }
  }
});
