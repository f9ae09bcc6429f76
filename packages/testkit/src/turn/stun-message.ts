import { createHmac } from "node:crypto";

/** The few methods and attributes of STUN and TURN that the tests speak (RFC 8489, RFC 8656). */
export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

export const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
} as const;

type StunClass = "request" | "indication" | "success" | "error";
const classBits = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

const cookie = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
const headerBytes = 20;
const integrityBytes = 24;

export interface StunMessage {
  readonly method: number;
  readonly kind: StunClass;
  /** Twelve bytes. */
  readonly transaction: Buffer;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

/** With a key the message is signed, as its last attribute. */
export function writeStun(message: StunMessage, key?: Buffer): Buffer {
  const parts = [...message.attributes].map(([type, value]) => writeAttribute(type, value));
  const body = Buffer.concat(parts);
  const { method, kind, transaction } = message;
  const bits = (method & 0x00f) | ((method & 0x070) << 1) | ((method & 0xf80) << 2) | classBits[kind];
  const header = Buffer.alloc(4);
  header.writeUInt16BE(bits, 0);
  header.writeUInt16BE(body.length + (key ? integrityBytes : 0), 2);
  const unsigned = Buffer.concat([header, cookie, transaction, body]);
  if (!key) return unsigned;
  const digest = createHmac("sha1", key).update(unsigned).digest();
  return Buffer.concat([unsigned, writeAttribute(attributes.messageIntegrity, digest)]);
}

/** Undefined for what is no STUN message. Of repeated attributes the first counts. */
export function readStun(frame: Buffer): StunMessage | undefined {
  if (frame.length < headerBytes || !frame.subarray(4, 8).equals(cookie)) return undefined;
  const bits = frame.readUInt16BE(0);
  const found = new Map<number, Buffer>();
  for (let at = headerBytes; at + 4 <= frame.length; ) {
    const [type, length] = [frame.readUInt16BE(at), frame.readUInt16BE(at + 2)];
    if (!found.has(type)) found.set(type, frame.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const kind = (["request", "indication", "success", "error"] as const).find(
    (one) => classBits[one] === (bits & 0x110),
  );
  const method = (bits & 0x00f) | ((bits & 0x0e0) >> 1) | ((bits & 0x3e00) >> 2);
  return { method, kind: kind ?? "request", transaction: frame.subarray(8, headerBytes), attributes: found };
}

/** An XOR-…-ADDRESS. */
export function writeXorAddress({ address, port }: Endpoint, transaction: Buffer): Buffer {
  const bytes = address.includes(":") ? bytesOfIpv6(address) : Buffer.from(address.split(".").map(Number));
  const head = Buffer.from([0, bytes.length === 4 ? 1 : 2, 0, 0]);
  head.writeUInt16BE(port ^ 0x2112, 2);
  return Buffer.concat([head, xor(bytes, Buffer.concat([cookie, transaction]))]);
}

export function readXorAddress(value: Buffer, transaction: Buffer): Endpoint {
  const bytes = xor(value.subarray(4), Buffer.concat([cookie, transaction]));
  const words = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return { address: bytes.length === 4 ? bytes.join(".") : words.join(":"), port: value.readUInt16BE(2) ^ 0x2112 };
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

function writeAttribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function xor(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

/** "64:ff9b::192.0.2.1" has an IPv4 address at its end; "::" stands for as many zeros as are missing. */
function bytesOfIpv6(address: string): Buffer {
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = [], tail = []] = plain.split("::").map((half) => half.split(":").filter((word) => word !== ""));
  const words = [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  return Buffer.from(words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]));
}
