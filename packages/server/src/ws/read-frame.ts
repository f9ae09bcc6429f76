import {
  type ClientMessage,
  frameBytesOf,
  limits,
  type MessageName,
  type Parsed,
  parseClientMessage,
  tooLarge,
} from "@echoo/protocol";

/** Where a large frame is looked at for its name: clients write `type` first, and `id` and `n` last. */
const namedWithinBytes = 1024;

/**
 * Reads one text frame. One that is larger than those of its name may be is refused by that name, and not parsed; so is
 * one that is more than a token needs where the client has shown none yet.
 */
export function readFrame(frame: Buffer, isJoined: boolean): Parsed<ClientMessage> {
  if (!isJoined && frame.length > limits.unjoinedFrameBytes) {
    const message = `at most ${limits.unjoinedFrameBytes} bytes before a join`;
    return { ok: false, code: "payload_too_large", details: [{ path: "", message }], ...nameOf(frame) };
  }
  if (frame.length > limits.frameBytes) {
    const name = nameOf(frame);
    const maxBytes = name.type === undefined ? limits.descriptionFrameBytes : frameBytesOf(name.type);
    if (frame.length > maxBytes) return tooLarge(name);
  }
  return parseClientMessage(frame.toString(), frame.length);
}

/** Whether it says so of itself, without being read. */
export function isOffer(frame: Buffer): boolean {
  return nameOf(frame).type === "offer";
}

/** A name in a text would have its quotes escaped, so what looks like one is one, if perhaps of something inside. */
function nameOf(frame: Buffer): MessageName {
  const start = frame.toString("latin1", 0, namedWithinBytes);
  const end = frame.toString("latin1", frame.length - namedWithinBytes);
  const find = (name: RegExp) => (name.exec(start) ?? name.exec(end))?.[1];
  const [type, id, n] = [
    find(/"type"\s*:\s*"(\w{1,32})"/),
    find(/"id"\s*:\s*"([^"\\]{1,64})"/),
    find(/"n"\s*:\s*(\d{1,15})[\s,}]/),
  ];
  return {
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(n === undefined ? {} : { n: Number(n) }),
  };
}
