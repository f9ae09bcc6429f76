import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { encodeFrame, opcodes, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { fragmentsMax } from "../../src/ws/ws-gateway.ts";
import { forbiddenFrames } from "./forbidden-frames.ts";
import { witnessCall } from "./witness-call.ts";

/** RFC 6455 gives 1002 and 1007, Echoo's table 1008 and 1009; a socket may also be cut without a word. */
const refusals = [undefined, 1002, 1007, 1008, 1009];
const joinMs = 2_000;

describe("a frame that RFC 6455 or Echoo forbids", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_JOIN_MS: String(joinMs), ECHOO_RATE_LIMITS: "off" } });
  });
  after(() => server.stop());

  const joinedSocket = async (test: { after(run: () => void): void }) => {
    const raw = await RawSocket.connect(server.url, test);
    assert.equal(await raw.upgrade(), 101);
    raw.frame({ opcode: opcodes.text, payload: JSON.stringify({ type: "join", userId: "6661000001", protocol: 2 }) });
    assert.equal((await raw.nextMessage())?.type, "joined");
    return raw;
  };

  for (const [what, frames] of Object.entries(forbiddenFrames)) {
    test(`${what} ends its own socket within a second or so, and a witness call completes`, async (t) => {
      const raw = await joinedSocket(t);
      for (const frame of frames) raw.frame(frame);
      // The socket never answers the close frame: the server must not wait for it.
      const { closeCode } = await raw.closed(3_000);
      assert.ok(refusals.includes(closeCode), `closed with ${closeCode}`);
      await witnessCall(server);
    });
  }

  test("100,000 fragments of one byte end their socket before they fill memory", async (t) => {
    const raw = await joinedSocket(t);
    const first = encodeFrame({ opcode: opcodes.text, payload: "x", fin: false });
    const more = encodeFrame({ opcode: opcodes.continuation, payload: "x", fin: false });
    await raw.writeAll(Buffer.concat([first, ...Array.from({ length: 99_999 }, () => more)]));
    assert.ok(refusals.includes((await raw.closed(5_000)).closeCode));
    await witnessCall(server);
  });

  test("100,000 empty fragments end their socket as well", async (t) => {
    const raw = await joinedSocket(t);
    const first = encodeFrame({ opcode: opcodes.text, fin: false });
    const more = encodeFrame({ opcode: opcodes.continuation, fin: false });
    await raw.writeAll(Buffer.concat([first, ...Array.from({ length: 99_999 }, () => more)]));
    assert.ok(refusals.includes((await raw.closed(5_000)).closeCode));
    await witnessCall(server);
  });

  test("a message in as many fragments as are taken is one, and one more ends its socket", async (t) => {
    const message = JSON.stringify({ type: "checkUser", userId: "1234567890" }).padEnd(fragmentsMax + 1);
    const sendInPieces = (raw: RawSocket, count: number) => {
      const size = Math.floor(message.length / count);
      for (let n = 0; n < count; n += 1) {
        const isLast = n === count - 1;
        const payload = isLast ? message.slice(n * size) : message.slice(n * size, (n + 1) * size);
        raw.frame({ opcode: n === 0 ? opcodes.text : opcodes.continuation, payload, fin: isLast });
      }
    };
    const raw = await joinedSocket(t);
    for (let times = 0; times < 2; times += 1) {
      sendInPieces(raw, fragmentsMax);
      let answer = await raw.nextMessage();
      while (answer !== undefined && answer.type !== "userStatus") answer = await raw.nextMessage();
      assert.equal(answer?.userId, "1234567890");
    }
    sendInPieces(raw, fragmentsMax + 1);
    assert.equal((await raw.closed(3_000)).closeCode, 1008);
  });

  test("a message in two fragments, with a ping between them, is a message", async (t) => {
    const raw = await joinedSocket(t);
    raw.frame({ opcode: opcodes.text, payload: '{"type":', fin: false });
    raw.frame({ opcode: opcodes.ping, payload: "still here" });
    raw.frame({ opcode: opcodes.continuation, payload: '"checkUser","userId":"1234567890"}' });
    let message = await raw.nextMessage();
    while (message !== undefined && message.type !== "userStatus") message = await raw.nextMessage();
    assert.equal(message?.userId, "1234567890");
  });

  test("a frame that never ends is cut off when its time to join is over", async (t) => {
    const dribblers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const raw = await RawSocket.connect(server.url, t);
        assert.equal(await raw.upgrade(), 101);
        raw.frame({ opcode: opcodes.text, payload: '{"type":"join"', claimedBytes: 60_000 });
        return raw;
      }),
    );
    await witnessCall(server);
    for (const raw of dribblers) await raw.closed(joinMs + 5_000);
  });

  test("after all of it the process has nothing to complain of", () => {
    assert.deepEqual(server.faults(), []);
  });
});
