/** A whole text frame, not masked, as a server sends it (RFC 6455, section 5.2). */
const textFrame = 0x81;
const [length16, length64] = [126, 127];

/**
 * The frames of these texts, in one piece. By the WebSocket library each text is two buffers, and the kernel has to
 * gather them: half of what a relayed message cost (docs/adr/0038-what-a-relayed-message-costs.md). Nothing is
 * compressed, so a frame is its length and its text.
 *
 * `mayWait`: the stream may keep it for a while. Then it has memory of its own: a piece of the pool that buffers are
 * cut from would hold on to the whole of it.
 */
export function textFrames(texts: readonly string[], mayWait: boolean): Buffer {
  let length = 0;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    length += headerBytes(bytes) + bytes;
  }
  const frames = mayWait ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
  let at = 0;
  for (const text of texts) {
    at = writeHeader(frames, at, Buffer.byteLength(text));
    at += frames.write(text, at);
  }
  return frames;
}

function headerBytes(bytes: number): number {
  if (bytes < length16) return 2;
  return bytes <= 0xffff ? 4 : 10;
}

/** The result is where the text begins. */
function writeHeader(frames: Buffer, at: number, bytes: number): number {
  frames[at] = textFrame;
  if (bytes < length16) {
    frames[at + 1] = bytes;
    return at + 2;
  }
  if (bytes <= 0xffff) {
    frames[at + 1] = length16;
    return frames.writeUInt16BE(bytes, at + 2);
  }
  frames[at + 1] = length64;
  frames.writeUInt32BE(0, at + 2);
  return frames.writeUInt32BE(bytes, at + 6);
}
