import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { answered, offer, ring, somebody, twoPeople } from "./talk.ts";

describe("who ended a call", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  /** The `endedBy` of a call's line in the log. */
  async function logged(callId: string): Promise<unknown> {
    const [line] = await server.said(new RegExp(`.*"callId":"${callId}".*"call ended".*`));
    return JSON.parse(line).endedBy;
  }

  test("is told to both sides over the wire, and logged", async () => {
    const { a, b, callId } = await answered(await twoPeople(server));
    b.send({ type: "hangup", callId });
    assert.equal((await b.next("hangup")).endedBy, "you");
    assert.equal((await a.next("hangup")).endedBy, "peer");
    assert.equal(await logged(callId), "callee");
  });

  test("is the server for the caller of somebody who is away, and the caller where they give up a ring", async () => {
    const { a, b } = await twoPeople(server);
    const away = randomUUID();
    a.send({ type: "offer", to: somebody(), sdp: offer.sdp, callId: away, neg: 1 });
    assert.equal((await a.next("reject")).endedBy, "server");
    assert.equal(await logged(away), "server");
    const given = await ring({ a, b });
    a.send({ type: "hangup", callId: given });
    assert.equal((await b.next("hangup")).endedBy, "peer");
    assert.equal(await logged(given), "caller");
  });

  test("adds no byte to what a client of the older wire hears, neither with an end nor when it joins again", async () => {
    const [ann, bob] = [await older(somebody()), await older(somebody())];
    const ids: string[] = [];
    for (const end of [
      { type: "reject" },
      { type: "reject", reason: "busy" },
      { type: "hangup" },
      { type: "hangup", reason: "ice_failed" },
    ] as const) {
      ann.peer.send({ type: "offer", to: bob.number, sdp: offer.sdp });
      const { callId } = await bob.peer.next("offer");
      if (end.type === "hangup") bob.peer.send({ type: "answer", callId, sdp: offer.sdp });
      bob.peer.send({ ...end, callId });
      await ann.peer.next(end.type, (message) => message.callId === callId);
      ids.push(callId);
    }
    assert.deepEqual(await Promise.all(ids.map(logged)), ["callee", "callee", "callee", "callee"]);
    const again = await older(ann.number);
    const texts = [...ann.peer.receivedTexts, ...bob.peer.receivedTexts, ...again.peer.receivedTexts].join("\n");
    assert.match(texts, /"type":"busy"/);
    assert.doesNotMatch(texts, /endedBy/);
  });

  async function older(number: string) {
    const peer = await RawPeer.connect(server.wsUrl);
    await peer.join(number);
    return { number, peer };
  }
});
