import assert from "node:assert/strict";
import { test } from "node:test";
import { RawSocket } from "../src/peers/raw-socket.ts";
import { decodeFrames, encodeFrame, opcodes } from "../src/peers/websocket-frame.ts";
import { messageServer } from "./message-server.ts";

const echo = (text: string, socket: { send(text: string): void }) => socket.send(text);

test("a raw socket speaks proper WebSocket when it wants to", async (t) => {
  const { url } = await messageServer(t, echo);
  const raw = await RawSocket.connect(url, t);
  assert.equal(await raw.upgrade(), 101);
  raw.frame({ opcode: opcodes.text, payload: '{"a":', fin: false });
  raw.frame({ opcode: opcodes.continuation, payload: "1}" });
  assert.deepEqual(await raw.nextMessage(), { a: 1 });
  const long = JSON.stringify({ text: "x".repeat(60_000) });
  raw.frame({ opcode: opcodes.text, payload: long });
  assert.equal(JSON.stringify(await raw.nextMessage()), long);
});

for (const [what, frame] of [
  ["an unmasked frame", { opcode: opcodes.text, payload: "{}", masked: false }],
  ["a reserved bit", { opcode: opcodes.text, payload: "{}", rsv: 4 }],
  ["a reserved opcode", { opcode: 3, payload: "{}" }],
  ["a fragmented ping", { opcode: opcodes.ping, fin: false }],
] as const) {
  test(`${what} gets the close status 1002 of a server that checks`, async (t) => {
    const { url } = await messageServer(t, echo);
    const raw = await RawSocket.connect(url, t);
    await raw.upgrade();
    raw.frame(frame);
    // ws waits for the closing handshake of a client that does not know it.
    raw.end();
    assert.deepEqual(await raw.closed(), { closeCode: 1002 });
  });
}

test("a raw socket tells the status of a refusal", async (t) => {
  const { url } = await messageServer(t, echo);
  const raw = await RawSocket.connect(url, t);
  assert.equal(await raw.upgrade("/", { "Sec-WebSocket-Version": "1" }), 400);
});

test("frames of every length survive, however the network cuts them", () => {
  for (const length of [0, 1, 125, 126, 0xffff, 0x10000]) {
    const bytes = encodeFrame({ opcode: opcodes.binary, payload: Buffer.alloc(length, 7), masked: false });
    assert.deepEqual(decodeFrames(bytes.subarray(0, -1)).frames, []);
    const { frames, rest } = decodeFrames(Buffer.concat([bytes, bytes, Buffer.of(0x81)]));
    assert.deepEqual(
      frames.map(({ opcode, payload }) => [opcode, payload.length]),
      [
        [2, length],
        [2, length],
      ],
    );
    assert.equal(rest.length, 1);
  }
});
