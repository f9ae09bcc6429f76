import { limits } from "@echoo/protocol";
import { type FrameOptions, opcodes } from "@echoo/testkit";

/** Frames that break RFC 6455, or Echoo's limits, as soon as they are there. */
export const forbiddenFrames: Readonly<Record<string, readonly FrameOptions[]>> = {
  "an unmasked frame": [{ opcode: opcodes.text, payload: '{"type":"ping"}', masked: false }],
  "the first reserved bit": [{ opcode: opcodes.text, payload: '{"type":"ping"}', rsv: 4 }],
  "the second reserved bit": [{ opcode: opcodes.text, payload: '{"type":"ping"}', rsv: 2 }],
  "the third reserved bit": [{ opcode: opcodes.text, payload: '{"type":"ping"}', rsv: 1 }],
  ...Object.fromEntries(
    [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`the reserved opcode ${opcode}`, [{ opcode, payload: "{}" }]]),
  ),
  "truncated UTF-8": [{ opcode: opcodes.text, payload: Buffer.from('{"type":"☎"}').subarray(0, 10) }],
  "UTF-8 that encodes a surrogate": [{ opcode: opcodes.text, payload: Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22) }],
  "UTF-8 that is longer than it need be": [{ opcode: opcodes.text, payload: Buffer.of(0x22, 0xc0, 0xaf, 0x22) }],
  "a continuation of nothing": [{ opcode: opcodes.continuation, payload: "{}" }],
  "a message within another": [
    { opcode: opcodes.text, payload: '{"type"', fin: false },
    { opcode: opcodes.text, payload: '{"type":"ping"}' },
  ],
  "a fragmented ping": [{ opcode: opcodes.ping, payload: "x", fin: false }],
  "a ping of 126 bytes": [{ opcode: opcodes.ping, payload: "x".repeat(126) }],
  "a close frame of one byte": [{ opcode: opcodes.close, payload: "x" }],
  "a close frame with a forbidden status": [{ opcode: opcodes.close, payload: Buffer.of(0x03, 0xed) }],
  "a frame that claims one byte too many": [
    { opcode: opcodes.text, payload: "x", claimedBytes: limits.skippedFrameBytes + 1 },
  ],
  "a frame that claims 8 exbibytes": [{ opcode: opcodes.text, payload: "x", claimedBytes: Number.MAX_SAFE_INTEGER }],
};
