import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type CurrentPeer, fakeAnswer, fakeOffer, type ServerProcess } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import type { SeveralServers } from "./several-servers.ts";

const [offer, answer] = [fakeOffer(4), fakeAnswer(4)];
const [annsNumber, bobsNumber] = ["5551000001", "5551000002"] as const;

/** A call between two people, each at a server of their own. */
export interface Talk {
  readonly ann: CurrentPeer;
  readonly bob: CurrentPeer;
  readonly callId: string;
}

export async function talk(system: SeveralServers, token?: string): Promise<Talk> {
  const ann = await system.connect(system.one, annsNumber, token);
  const bob = await system.connect(system.two, bobsNumber);
  return { ann, bob, callId: await talkAgain(ann, bob) };
}

/** Another call of two who are there. */
export async function talkAgain(ann: CurrentPeer, bob: CurrentPeer): Promise<string> {
  const callId = await placed(ann, bob.joined.userId);
  assert.equal((await bob.next("offer", (message) => message.callId === callId)).sdp, offer.sdp);
  bob.send({ type: "ringing", callId });
  await ann.next("ringing", (message) => message.callId === callId);
  bob.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
  assert.equal((await ann.next("answer", (message) => message.callId === callId)).sdp, answer.sdp);
  for (const peer of [ann, bob]) {
    peer.send({ type: "connected", callId });
    await peer.confirm();
  }
  return callId;
}

/**
 * For its first five seconds a Redis gives no locks; a client tries again. What was refused is confirmed, or a peer that
 * comes back in a new session would send it once more, and have another call.
 */
async function placed(caller: CurrentPeer, to: string): Promise<string> {
  for (;;) {
    const callId = randomUUID();
    caller.send({ type: "offer", to, sdp: offer.sdp, callId, neg: 1, id: callId });
    const reply = await caller.raw.reply(callId);
    if (reply.type === "ack") return callId;
    assert.equal(reply.type === "error" && reply.code, "unavailable");
    await caller.confirm();
  }
}

/** A server that has just learnt that it is another node lets nobody in who was elsewhere; a client tries again. */
export async function comesBack(peer: CurrentPeer, server: ServerProcess): Promise<CurrentPeer["joined"]> {
  await server.said(/can be reached over Redis[\s\S]*can be reached over Redis/);
  for (;;) {
    try {
      return await peer.resume({}, server.wsUrl);
    } catch (error) {
      assert.match(String(error), /may not join/);
    }
  }
}

/** Whoever hangs up, the other one hears it, and every server tells of the same end. */
export async function hangsUp(by: CurrentPeer, other: CurrentPeer, callId: string): Promise<void> {
  by.send({ type: "hangup", callId });
  assert.equal((await other.next("hangup", (message) => message.callId === callId)).reason, "hangup");
}

export async function sameHistory(
  servers: readonly ServerProcess[],
  ends: readonly (readonly [callId: string, reason: string])[],
): Promise<void> {
  for (const server of servers) {
    for (const user of [annsNumber, bobsNumber]) {
      const calls = await historyOnce(server, user, (all) => all.length >= ends.length);
      assert.deepEqual(
        calls.map((call) => [call.callId, call.endReason]).toReversed(),
        ends.map((end) => [...end]),
      );
    }
  }
}
