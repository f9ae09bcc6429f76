/** The opcodes of RFC 6455 that the load tool meets. */
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A text frame as a client sends it, masked by zeros: the server unmasks it all the same, and the load tool saves that. */
export function textFrame(text: string): Buffer {
  return frame(opcodes.text, Buffer.from(text));
}

/** What answers a ping. */
export function pongFrame(payload: Buffer): Buffer {
  return frame(opcodes.pong, payload);
}

export function isText({ opcode }: Frame): boolean {
  return opcode === opcodes.text;
}

export function isPing({ opcode }: Frame): boolean {
  return opcode === opcodes.ping;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
  const head = 2 + lengthBytes + 4;
  const bytes = Buffer.alloc(head + length);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) bytes.writeUInt16BE(length, 2);
  if (lengthBytes === 8) bytes.writeBigUInt64BE(BigInt(length), 2);
  payload.copy(bytes, head);
  return bytes;
}

/** The whole frames at the beginning of these bytes, and how many bytes they take. */
export function readFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly taken: number } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length - at < head) break;
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
    if (bytes.length - at < head + length) break;
    frames.push({ opcode: (bytes[at] ?? 0) & 0xf, payload: bytes.subarray(at + head, at + head + length) });
    at += head + length;
  }
  return { frames, taken: at };
}
