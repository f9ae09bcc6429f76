import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { fakeAnswer, fakeOffer, RawPeer, type ServerProcess, Transcript } from "@echoo/testkit";

let witnesses = 0;

/**
 * Two people who have nothing to do with the attack call each other: offer, answer, candidates both ways, hangup,
 * and the same record in both histories. Fails with the transcript of both when any of it does not happen.
 */
export async function witnessCall(server: ServerProcess): Promise<void> {
  const seed = ++witnesses;
  const transcript = new Transcript();
  const [caller, callee] = [`777${String(seed).padStart(7, "0")}`, `888${String(seed).padStart(7, "0")}`];
  const ann = await RawPeer.connect(server.wsUrl, { name: "ann", transcript });
  const bob = await RawPeer.connect(server.wsUrl, { name: "bob", transcript });
  try {
    await ann.join(caller, { protocol: 2 });
    await bob.join(callee, { protocol: 2 });
    const callId = await talk(ann, bob, callee, seed);
    await recorded(server, [caller, callee], callId, transcript);
    for (const peer of [ann, bob]) await peer.expectNone("error");
  } finally {
    ann.terminate();
    bob.terminate();
  }
}

async function talk(ann: RawPeer, bob: RawPeer, callee: string, seed: number): Promise<string> {
  const [offer, answer, callId] = [fakeOffer(seed), fakeAnswer(seed), randomUUID()];
  ann.send({ type: "offer", to: callee, sdp: offer.sdp, isVideoCall: true, callId, neg: 1 });
  assert.equal((await ann.next("calling")).callId, callId);
  assert.equal((await bob.next("offer")).sdp, offer.sdp);
  bob.send({ type: "ringing", callId });
  await ann.next("ringing");
  bob.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
  assert.equal((await ann.next("answer")).sdp, answer.sdp);
  const ways = [
    [ann, bob, offer],
    [bob, ann, answer],
  ] as const;
  for (const [from, to, side] of ways) {
    const candidates = side.candidates(3);
    for (const candidate of candidates) from.send({ type: "candidate", callId, candidate });
    for (const candidate of candidates) assert.deepEqual((await to.next("candidate")).candidate, candidate);
  }
  for (const peer of [ann, bob]) {
    peer.send({ type: "connected", callId });
    // Two sockets race: a hangup that overtook the other's word would make that come too late.
    await peer.settle();
  }
  ann.send({ type: "hangup", callId, id: "bye" });
  assert.equal((await ann.next("ack", ({ id }) => id === "bye")).id, "bye");
  assert.equal((await bob.next("hangup")).reason, "hangup");
  return callId;
}

/** The record is written behind the messages: reads until it is there, each time by a request of its own. */
async function recorded(server: ServerProcess, users: string[], callId: string, transcript: Transcript) {
  for (const user of users) {
    const read = async () => {
      const response = await fetch(`${server.url}/api/calls/${user}`, { signal: AbortSignal.timeout(5_000) });
      return (await response.json()) as { calls?: { callId: string; endReason: string }[] };
    };
    const isThere = ({ calls }: Awaited<ReturnType<typeof read>>) =>
      calls?.[0]?.callId === callId && calls[0].endReason === "hangup";
    await server.stored(read, isThere).catch((cause: unknown) => {
      throw new Error(`${user}'s history lacks ${callId}:\n${transcript}`, { cause });
    });
  }
}
