import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { type CurrentPeer, fakeAnswer, fakeOffer, requireService } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { SeveralServers } from "./several-servers.ts";

const [offer, answer] = [fakeOffer(4), fakeAnswer(4)];

interface Talk {
  readonly ann: CurrentPeer;
  readonly bob: CurrentPeer;
  readonly callId: string;
}

/** Two servers as one system: everything as processes of their own. */
describe("two servers on one MongoDB and one Redis", {
  skip: requireService("mongod") || requireService("valkey"),
}, () => {
  test("carry a call between sockets on both, and both know its end", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    bob.send({ type: "hangup", callId });
    assert.equal((await ann.next("hangup")).reason, "hangup");
    await sameHistory(system, callId, "hangup");
    for (const server of system.servers) assert.deepEqual(server.faults(), []);
  });

  test("lose no call with one that is killed: its client comes back at the other, and talks on", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    await system.one.kill("SIGKILL");
    await bob.next("peerLost");
    await ann.closed();
    const joined = await ann.resume({}, system.two.wsUrl);
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    await bob.next("peerBack");
    ann.send({ type: "hangup", callId });
    assert.equal((await bob.next("hangup")).reason, "hangup");
    await sameHistory({ servers: [system.two] }, callId, "hangup");
  });

  async function talk(system: SeveralServers): Promise<Talk> {
    const ann = await system.connect(system.one, "5551000001");
    const bob = await system.connect(system.two, "5551000002");
    const callId = await placed(ann, bob.joined.userId);
    assert.equal((await bob.next("offer")).sdp, offer.sdp);
    bob.send({ type: "ringing", callId });
    await ann.next("ringing");
    bob.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
    assert.equal((await ann.next("answer")).sdp, answer.sdp);
    for (const peer of [ann, bob]) {
      peer.send({ type: "connected", callId });
      await peer.settle();
    }
    return { ann, bob, callId };
  }

  /** For its first five seconds a Redis gives no locks; a client tries again. */
  async function placed(caller: CurrentPeer, to: string): Promise<string> {
    for (;;) {
      const callId = randomUUID();
      caller.send({ type: "offer", to, sdp: offer.sdp, callId, neg: 1, id: callId });
      const reply = await caller.raw.reply(callId);
      if (reply.type === "ack") return callId;
      assert.equal(reply.type === "error" && reply.code, "unavailable");
      await caller.settle();
    }
  }

  async function sameHistory(system: Pick<SeveralServers, "servers">, callId: string, reason: string): Promise<void> {
    for (const server of system.servers) {
      for (const user of ["5551000001", "5551000002"]) {
        const calls = await historyOnce(server, user, (all) => all.length > 0);
        assert.deepEqual(
          calls.map((call) => [call.callId, call.endReason]),
          [[callId, reason]],
        );
      }
    }
  }
});
