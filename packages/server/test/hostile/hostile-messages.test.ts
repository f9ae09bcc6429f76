import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { limits } from "@echoo/protocol";
import { encodeFrame, opcodes, RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { hostileKeys, hostileTexts, maxFrameBytes, pingOfBytes } from "./hostile-values.ts";
import { witnessCall } from "./witness-call.ts";

/** Several messages that arrive at once. */
function textFrames(...messages: object[]): Buffer {
  return Buffer.concat(
    messages.map((message) => encodeFrame({ opcode: opcodes.text, payload: JSON.stringify(message) })),
  );
}

describe("a text frame that is no proper message", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
  });
  after(() => server.stop());

  for (const [what, text] of Object.entries(hostileTexts)) {
    test(`${what} is refused, the socket lives on, and a witness call completes`, async (t) => {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      await peer.join("6660000001", { protocol: 2 });
      peer.send(text);
      assert.match((await peer.next("error")).code, /^(invalid|unknown_type)$/);
      await peer.expectNone("error");
      await witnessCall(server);
      await peer.settle();
    });
  }

  test("before the join they are refused as well, and the socket may still join", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
    for (const text of Object.values(hostileTexts)) {
      peer.send(text);
      assert.match(
        (await peer.next("error")).code,
        /^(invalid|unknown_type|not_joined|payload_too_large)$/,
        text.slice(0, 80),
      );
    }
    await peer.join("6660000002");
    await witnessCall(server);
  });

  test("names that objects inherit are fields like any other, and are dropped", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
    await peer.join("6660000003", { protocol: 2 });
    for (const key of hostileKeys) {
      peer.send(
        `{${JSON.stringify(key)}:{"type":"leave","userId":"1","admin":true},"type":"checkUser","userId":"1234567890"}`,
      );
      assert.equal((await peer.next("userStatus")).userId, "1234567890");
    }
    // Nothing stuck to the prototypes of the process: an empty object is still not a message.
    peer.send("{}");
    assert.equal((await peer.next("error")).code, "invalid");
    await witnessCall(server);
  });

  test("of a key that comes twice the last one counts, as JSON.parse has it, also for the type", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
    await peer.join("6660000004", { protocol: 2 });
    peer.send('{"type":"leave","type":"checkUser","userId":"1","userId":"1234567890"}');
    assert.equal((await peer.next("userStatus")).userId, "1234567890");
    peer.send('{"type":"checkUser","userId":"1234567890","userId":{"$ne":null}}');
    assert.equal((await peer.next("error")).code, "invalid");
    await witnessCall(server);
  });

  test("a number without end is refused wherever a number belongs", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
    await peer.join("6660000005", { protocol: 2 });
    const callId = "11111111-1111-4111-8111-111111111111";
    for (const text of [
      '{"type":"ping","seq":1e999}',
      '{"type":"ping","seq":-1e999}',
      '{"type":"ping","n":1e999}',
      `{"type":"stats","callId":"${callId}","samples":[{"t":1e999}]}`,
      `{"type":"stats","callId":"${callId}","samples":[{"t":1,"rttMs":1e999}]}`,
      `{"type":"callStats","callId":"${callId}","duration":1e999}`,
      '{"type":"offer","to":"1234567890","sdp":"v=0","neg":1e999}',
    ]) {
      peer.send(text);
      assert.equal((await peer.next("error")).code, "invalid", text);
    }
    await witnessCall(server);
  });

  test("a frame one byte below the limit and one at the limit are messages", async (t) => {
    for (const bytes of [maxFrameBytes - 1, maxFrameBytes]) {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      await peer.join("6660000006", { protocol: 2 });
      peer.send(pingOfBytes(bytes));
      await peer.next("pong");
      await peer.settle();
    }
    await witnessCall(server);
  });

  test("a frame one byte above the limit is refused by its name, and its socket goes on", async (t) => {
    for (const join of [{ protocol: 2 }, {}]) {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      await peer.join("6660000007", join);
      peer.send(pingOfBytes(maxFrameBytes + 1));
      const { code, message } = await peer.next("error");
      assert.equal(code, "payload_too_large");
      assert.match(message, /at most 65536 bytes for ping/);
      await peer.settle();
    }
    await witnessCall(server);
  });

  test("a frame one byte above what is read to its end closes the socket with 1009, or cuts a legacy session", async (t) => {
    for (const [join, code] of [
      [{ protocol: 2 }, 1009],
      [{}, 1006],
    ] as const) {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      await peer.join("6660000008", join);
      peer.send(pingOfBytes(limits.skippedFrameBytes + 1));
      assert.equal((await peer.closed()).code, code);
    }
    await witnessCall(server);
  });

  test("before the join a frame one byte above the limit closes the socket, when it is whole or sooner", async (t) => {
    for (const bytes of [maxFrameBytes + 1, limits.skippedFrameBytes]) {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      peer.send(pingOfBytes(bytes));
      assert.equal((await peer.closed()).code, 1009);
    }
    await witnessCall(server);
  });

  test("an offer that a legacy session may not make is refused in messages of the protocol", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
    await peer.join("6660000010");
    peer.send({ type: "offer", to: "6660000010", sdp: "v=0" });
    assert.equal((await peer.next("error")).code, "self_call");
    await peer.next("reject");
    await witnessCall(server);
  });

  test("what is wrong with a later message does not refuse the offer of a legacy session", async (t) => {
    const bob = await RawPeer.connect(server.wsUrl, { name: "bob", test: t });
    await bob.join("6660000012", { protocol: 2 });
    const ann = await RawSocket.connect(server.url, t);
    await ann.upgrade();
    ann.write(textFrames({ type: "join", userId: "6660000011" }));
    const offer = { type: "offer", to: "6660000012", sdp: "v=0" };
    const faulty = { type: "candidate", to: "6660000012", candidate: { sdpMid: 0 } };
    // The second time the server knows both people already, and handles both messages within one turn.
    for (const _ of ["first", "second"]) {
      ann.write(textFrames(offer, faulty));
      const said: unknown[] = [];
      while (!said.includes("calling") || !said.includes("error")) said.push((await ann.nextMessage())?.type);
      assert.ok(!said.includes("reject"), said.join(", "));
      const { callId } = await bob.next("offer");
      ann.write(textFrames({ type: "hangup", to: "6660000012", callId: "" }));
      await bob.next("hangup", (hangup) => hangup.callId === callId);
    }
    await witnessCall(server);
  });

  test("a binary frame is refused or closes its socket, also when it holds a proper message", async (t) => {
    for (const bytes of [Buffer.from('{"type":"leave"}'), Buffer.alloc(1000, 0xff), Buffer.alloc(0)]) {
      const peer = await RawPeer.connect(server.wsUrl, { name: "eve", test: t });
      await peer.join("6660000009", { protocol: 2 });
      peer.send(bytes);
      const refused = peer.next("error").then(({ code }) => code);
      const outcome = await Promise.race([refused.catch(() => "closed"), peer.closed().then(() => "closed")]);
      assert.match(outcome, /^(invalid|closed)$/);
    }
    await witnessCall(server);
  });

  test("after all of it the process has nothing to complain of", () => {
    assert.deepEqual(server.faults(), []);
  });
});
