import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { opcodes, RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { answer, offer, ring, somebody, talk, twoPeople } from "./talk.ts";

describe("what passes from one party to the other, and what does not", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
  });
  after(() => server.stop());

  test("a session description arrives byte for byte, whatever is in it", async () => {
    const everyUnit = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join("");
    for (const sdp of [
      offer.sdp,
      everyUnit,
      "a=x:\ud800\r\n",
      "\udc00 \u2028\u2029\ufeff",
      "\\u003d \\\" </script> =&'",
    ]) {
      const { a, b } = await twoPeople(server);
      a.raw.send({ type: "offer", to: b.joined.userId, sdp });
      const rung = await b.next("offer");
      assert.equal(rung.sdp, sdp);
      b.raw.send({ type: "answer", callId: rung.callId, sdp });
      assert.equal((await a.next("answer")).sdp, sdp);
      a.raw.send({ type: "leave" });
    }
  });

  test("what the shipped app sends, every = and < escaped, arrives as if it had not been", async () => {
    const { a, b } = await twoPeople(server);
    const escaped = JSON.stringify({ type: "offer", to: b.joined.userId, sdp: offer.sdp, isVideoCall: true })
      .replaceAll("=", "\\u003d")
      .replaceAll("<", "\\u003c")
      .replaceAll("&", "\\u0026");
    assert.ok(escaped.length > offer.sdp.length + 1_000);
    a.raw.send(escaped);
    assert.equal((await b.next("offer")).sdp, offer.sdp);
  });

  test("no candidate of the callee reaches the caller before the answer; then all do, in order", async () => {
    const { a, b } = await twoPeople(server);
    const callId = await ring({ a, b });
    const early = [...answer.candidates(10), null];
    for (const candidate of early) b.send({ type: "candidate", callId, candidate });
    await b.settle();
    await a.expectNone("candidate");
    b.send({ type: "answer", callId, sdp: answer.sdp });
    const late = answer.candidates(12).slice(-2);
    for (const candidate of late) b.send({ type: "candidate", callId, candidate });
    for (const candidate of [...early, ...late]) {
      assert.deepEqual((await a.next("candidate")).candidate, candidate);
    }
    const types = a.raw.receivedTexts.map((text) => (JSON.parse(text) as { type: string }).type);
    assert.ok(types.indexOf("answer") < types.indexOf("candidate"));
  });

  test("a sender's claim to be somebody else is dropped, and the truth is stamped on what is relayed", async () => {
    const { a, b, callId } = await talk(server);
    const liar = { from: "5550000000", userId: "5550000000", caller: "5550000000" };
    a.send({ type: "chat", to: b.joined.userId, callId, message: "who", ...liar });
    assert.deepEqual(await b.next("chat"), {
      ...{ type: "chat", callId, from: a.joined.userId, to: b.joined.userId, message: "who" },
      seq: Math.max(...b.receivedSeqs),
    });
  });

  test("an error names the message that it refuses, once, also one that is no message at all", async () => {
    const { a } = await twoPeople(server);
    for (const [code, message] of [
      ["self_call", { type: "offer", to: a.joined.userId, sdp: "v=0" }],
      ["unknown_call", { type: "hangup", callId: "no-such-call" }],
      ["not_in_call", { type: "chat", to: somebody(), message: "hello?" }],
      ["invalid", { type: "offer", to: 5 }],
      ["invalid", { type: "offer", to: "nobody", sdp: "v=0" }],
      ["unknown_type", { type: "bogus" }],
    ] as const) {
      a.raw.send({ ...message, id: "refused" });
      const reply = await a.raw.reply("refused");
      assert.equal(reply.type === "error" && reply.code, code, JSON.stringify(message));
    }
    await a.expectNone("error");
    await a.expectNone("ack");
  });

  test("a frame that is not text, or breaks WebSocket itself, ends its socket and no other", async (t) => {
    const { a, b, callId } = await talk(server);
    const raw = await RawSocket.connect(server.url, t);
    await raw.upgrade("/");
    raw.frame({ opcode: opcodes.binary, payload: JSON.stringify({ type: "join", userId: somebody() }) });
    assert.equal((await raw.closed(2_000)).closeCode, 1008);
    const large = await RawPeer.connect(server.wsUrl);
    large.send("x".repeat(64 * 1024 + 1));
    assert.equal((await large.closed()).code, 1009);
    a.send({ type: "chat", to: b.joined.userId, callId, message: "well" });
    assert.equal((await b.next("chat")).message, "well");
  });
});
