/** The opcodes of RFC 6455, section 5.2; any other number up to 15 is reserved. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  readonly opcode: number;
  readonly payload?: Uint8Array | string;
  /** The last fragment; true unless it says otherwise. */
  readonly fin?: boolean;
  /** The reserved bits, 0…7. */
  readonly rsv?: number;
  /** Clients must mask; hostile ones need not. */
  readonly masked?: boolean;
  /** What the header claims, whatever the payload is. */
  readonly claimedBytes?: number;
}

/** A frame as a client writes it, or as only a hostile one would. */
export function encodeFrame(options: FrameOptions): Buffer {
  const { opcode, fin = true, rsv = 0, masked = true } = options;
  const payload = Buffer.from(options.payload ?? "");
  const first = (fin ? 0x80 : 0) | ((rsv & 7) << 4) | (opcode & 0xf);
  const header = Buffer.concat([Buffer.of(first), lengthBytes(options.claimedBytes ?? payload.length, masked)]);
  if (!masked) return Buffer.concat([header, payload]);
  const mask = Buffer.of(0x37, 0xfa, 0x21, 0x3d);
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The whole frames at the beginning of what a server sent, which are never masked, and what is left over. */
export function decodeFrames(bytes: Buffer): { readonly frames: readonly ServerFrame[]; readonly rest: Buffer } {
  const frames: ServerFrame[] = [];
  let rest = bytes;
  for (let frame = decodeFrame(rest); frame !== undefined; frame = decodeFrame(rest)) {
    frames.push(frame);
    rest = rest.subarray(frame.totalBytes);
  }
  return { frames, rest };
}

function decodeFrame(bytes: Buffer): (ServerFrame & { totalBytes: number }) | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const headerBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < headerBytes) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const totalBytes = headerBytes + length;
  if (bytes.length < totalBytes) return undefined;
  return { opcode: bytes.readUInt8(0) & 0xf, payload: bytes.subarray(headerBytes, totalBytes), totalBytes };
}

function lengthBytes(length: number, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0;
  if (length < 126) return Buffer.of(bit | length);
  if (length <= 0xffff) return Buffer.of(bit | 126, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(bit | 127, 0);
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
