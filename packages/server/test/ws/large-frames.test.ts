import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { frameBytesOf, limits } from "@echoo/protocol";
import { FakeClock, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { FrameGauge, framePieces } from "../../src/ws/limits/frame-gauge.ts";
import { LargeFrames, largeFrameBounds } from "../../src/ws/limits/large-frames.ts";
import { readFrame } from "../../src/ws/read-frame.ts";
import { AppPhone } from "../app/app-phone.ts";
import { historyOnce } from "../e2e/ask.ts";
import { somebody, talk } from "./talk.ts";

/** A message of exactly so many bytes, with its name where clients write it. */
function ofBytes(bytes: number, message: object & { readonly type: string }, number: object = {}): string {
  const frame = JSON.stringify({ ...message, padding: "", ...number });
  return frame.replace('"padding":""', `"padding":"${"x".repeat(bytes - frame.length)}"`);
}

describe("a frame that is larger than usual", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  for (const hours of [1, 12]) {
    test(`is taken where it is the app's report of a call of ${hours} h, and the hangup behind it is heard`, async (t) => {
      const [app, web] = [await AppPhone.open(server, somebody(), { test: t }), somebody()];
      const other = await RawPeer.connect(server.wsUrl, { test: t });
      await other.join(web, { protocol: 2 });
      app.dials(web);
      const { callId, sdp } = await other.next("offer");
      other.send({ type: "answer", callId, sdp });
      await app.next("answer");
      const startMs = Date.UTC(2026, 0, 1);
      app.say({
        ...{ type: "callStats", from: app.number, callId, caller: app.number, callee: web, duration: hours * 3600 },
        samples: Array.from({ length: hours * 1200 }, (_, i) => ({
          ...{ timestamp: startMs + i * 3000, sendBitrateKbps: 1204, receiveBitrateKbps: 987, rttMs: 148 },
          ...{ packetLossPercent: 0.3412969283276451, networkQuality: "GOOD", dataUsedBytes: 821654 + i * 350000 },
        })),
      });
      app.hangsUp(web, callId);
      assert.equal((await other.next("hangup")).reason, "hangup");
      await other.expectNone("peerLost");
      const [record] = await historyOnce(server, web, (calls) => calls.length > 0);
      assert.deepEqual([record.callId, record.endReason], [callId, "hangup"]);
    });
  }

  test("is refused once by its name, and what was sent behind it is handled", async (t) => {
    const { a, b, callId } = await talk(server);
    for (const peer of [a, b]) t.after(() => peer.terminate());
    let n = 1_000;
    for (const type of ["chat", "watch", "stats", "offer", "callStats"]) {
      const numbers = { id: `too-large-${type}`, n: ++n };
      const message = ofBytes(
        frameBytesOf(type) + 1,
        { type, callId, to: b.joined.userId } as { type: string },
        numbers,
      );
      a.raw.send(message);
      a.raw.send(message);
      a.raw.send({ type: "chat", to: b.joined.userId, callId, message: `after ${type}`, n: ++n });
      const refusal = await a.raw.reply(numbers.id);
      assert.equal(refusal.type === "error" && refusal.code, "payload_too_large", type);
      assert.match(refusal.type === "error" ? refusal.message : "", new RegExp(`for ${type}`));
      assert.equal((await b.next("chat")).message, `after ${type}`);
    }
    // A client that asks learns that none of them is to be sent again.
    a.raw.send({ type: "ping" });
    await a.expectNone("error");
    assert.equal((await a.raw.next("pong", (pong) => pong.n === n)).n, n);
  });
});

test("a large frame is named by its beginning or its end, and not parsed", () => {
  const read = (text: string) => {
    const parsed = readFrame(Buffer.from(text), true);
    return parsed.ok ? parsed.message.type : [parsed.code, parsed.type, parsed.id, parsed.n];
  };
  const [bytes, most] = [limits.frameBytes + 1, limits.callStatsFrameBytes + 1];
  const chat = { type: "chat", to: "1111", message: "x" };
  assert.deepEqual(read(ofBytes(bytes, chat, { id: "7", n: 4 })), ["payload_too_large", "chat", "7", 4]);
  assert.deepEqual(read(`{"padding":"${"{".repeat(bytes)}","type":"chat","id":"7"`), [
    "payload_too_large",
    "chat",
    "7",
    undefined,
  ]);
  // Where the ends say nothing, the whole is looked at, as long as it may be something.
  const hidden = `{"p":"${"x".repeat(5_000)}","type":"chat","q":"${"x".repeat(bytes)}"}`;
  assert.deepEqual(read(hidden), ["payload_too_large", "chat", undefined, undefined]);
  assert.deepEqual(read("x".repeat(most)), ["payload_too_large", undefined, undefined, undefined]);
  assert.deepEqual(read("[".repeat(bytes)), ["invalid", undefined, undefined, undefined]);
  // A name inside a text is none: its quotes are escaped.
  const quoting = JSON.stringify({ type: "offer", to: "1111", sdp: '"type":"chat","n":9,'.repeat(3_000), padding: "" });
  assert.ok(quoting.length > limits.frameBytes);
  assert.equal(read(quoting), "offer");
});

describe("large frames under way", () => {
  function setUp(bounds: Partial<Record<keyof typeof largeFrameBounds, number>> = {}) {
    const clock = new FakeClock();
    const frames = new LargeFrames(clock, { ...largeFrameBounds, ...bounds });
    const cut: string[] = [];
    const begin = (user: string, name: string) => frames.begin(user, () => cut.push(name));
    return { clock, frames, cut, begin };
  }

  test("have a room together, and past it the one that began first is cut off", () => {
    const { cut, begin } = setUp({ bytesAtOnce: 100 });
    const [ann, bob, cid] = [begin("ann", "ann's"), begin("bob", "bob's"), begin("cid", "cid's")];
    ann.grown(40);
    bob.grown(40);
    cid.grown(20);
    assert.deepEqual(cut, []);
    cid.grown(1);
    assert.deepEqual(cut, ["ann's"]);
    bob.end();
    cid.grown(79);
    assert.deepEqual(cut, ["ann's"]);
    cid.grown(1);
    assert.deepEqual(cut, ["ann's", "cid's"]);
  });

  test("are two of one user, and one more cuts off the first of that user's alone", () => {
    const { cut, begin } = setUp();
    for (const [user, name] of [
      ["bob", "bob's"],
      ["ann", "1"],
      ["ann", "2"],
      ["ann", "3"],
    ] as const)
      begin(user, name);
    assert.deepEqual(cut, ["1"]);
  });

  test("have a minute, and leave no timer behind", () => {
    const { clock, cut, begin } = setUp();
    begin("ann", "in time").end();
    begin("ann", "late");
    clock.advance(largeFrameBounds.longestMs - 1);
    assert.deepEqual(cut, []);
    clock.advance(1);
    assert.deepEqual(cut, ["late"]);
    assert.equal(clock.pendingTimers, 0);
  });

  test("cost a user who sends many of them a while in which the socket is not read, over all sockets", () => {
    const { clock, frames } = setUp({ userBurstBytes: 1_000, userBytesPerSec: 100, followedUsers: 2 });
    assert.equal(frames.charge("ann", 1_000), 0);
    assert.equal(frames.charge("ann", 500), 5_000);
    assert.equal(frames.charge("bob", 1_000), 0);
    assert.equal(frames.charge("ann", 1_000_000), largeFrameBounds.longestPauseMs);
    clock.advance(24 * 3_600_000);
    assert.equal(frames.charge("ann", 1_000), 0);
    // Those of whom nothing was heard for longest are forgotten first.
    assert.equal(frames.charge("cid", 1_000), 0);
    assert.ok(frames.charge("ann", 1) > 0);
    assert.equal(frames.charge("bob", 1_000), 0);
  });
});

describe("the gauge of the frame under way", () => {
  function setUp(user?: string) {
    const stream = new PassThrough();
    const closed: number[] = [];
    const largeFrames = new LargeFrames(new FakeClock(), { ...largeFrameBounds, bytesAtOnce: 200_000 });
    const gauge = new FrameGauge({ largeFrames, user: () => user, giveUp: (code) => closed.push(code) });
    const arrives = (bytes: number) => stream.emit("data", Buffer.alloc(bytes));
    gauge.watch(stream);
    return { stream, closed, gauge, arrives };
  }

  test("takes none beyond the usual size before the join, and counts each from its beginning", () => {
    const { closed, gauge, arrives } = setUp();
    for (let i = 0; i < 10; i += 1) {
      arrives(limits.frameBytes);
      gauge.whole();
    }
    arrives(limits.frameBytes);
    assert.deepEqual(closed, []);
    arrives(1);
    assert.deepEqual(closed, [1009]);
  });

  test("lets one grow to what there is room for after the join", () => {
    const { closed, gauge, arrives } = setUp("ann");
    for (let i = 0; i < 3; i += 1) arrives(64_000);
    gauge.whole();
    for (let i = 0; i < 3; i += 1) arrives(64_000);
    assert.deepEqual(closed, []);
    arrives(64_000);
    assert.deepEqual(closed, [1009]);
    arrives(64_000);
    assert.deepEqual(closed, [1009]);
  });

  test("ends a drip: pieces of a few bytes each, but not a slow network's", () => {
    const drip = setUp("ann");
    // Byte by byte: the free ones, and one more for each 256 bytes that came.
    const free = framePieces.free + Math.floor(framePieces.free / framePieces.bytesForOneMore);
    for (let i = 0; i < free; i += 1) drip.arrives(1);
    assert.deepEqual(drip.closed, []);
    drip.arrives(1);
    assert.deepEqual(drip.closed, [1008]);
    const slow = setUp("ann");
    for (let i = 0; i < 370; i += 1) slow.arrives(536);
    assert.deepEqual(slow.closed, []);
  });
});
