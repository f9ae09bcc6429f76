/** A whole text frame, not masked, as a server sends it (RFC 6455, section 5.2). */
const textFrame = 0x81;
const [length16, length64] = [126, 127];
const headerBytesMax = 10;
/** UTF-8 has at most so many bytes for each unit of a string. */
const bytesPerUnitMax = 3;

/** What a turn has for one socket is written here first, and copied once its length is known: few turns have more. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * The frames of these texts, in one piece. By the WebSocket library each text is two buffers, and the kernel has to
 * gather them: half of what a relayed message cost (docs/adr/0038-what-a-relayed-message-costs.md). Nothing is
 * compressed, so a frame is its length and its text.
 *
 * `mayWait`: the stream may keep it for a while. Then it has memory of its own: a piece of the pool that buffers are
 * cut from would hold on to the whole of it.
 */
export function textFrames(texts: readonly string[], mayWait: boolean): Buffer {
  let most = 0;
  for (const text of texts) most += headerBytesMax + text.length * bytesPerUnitMax;
  // A text that is measured first is gone through twice, and its measuring was half of what framing it took.
  if (most > scratch.length) return measuredFrames(texts, mayWait);
  let at = 0;
  for (const text of texts) at = writeFrame(at, text);
  const frames = allocate(at, mayWait);
  scratch.copy(frames, 0, 0, at);
  return frames;
}

/** The result is where the frame ends. */
function writeFrame(at: number, text: string): number {
  const header = certainHeaderBytes(text.length) ?? headerBytes(Buffer.byteLength(text));
  const bytes = scratch.write(text, at + header);
  writeHeader(scratch, at, bytes);
  return at + header + bytes;
}

/** Of a text of so many units, where that alone decides: no text here is long enough for the longest header. */
function certainHeaderBytes(units: number): number | undefined {
  if (units >= length16) return 4;
  return units * bytesPerUnitMax < length16 ? 2 : undefined;
}

function measuredFrames(texts: readonly string[], mayWait: boolean): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const frames = allocate(
    lengths.reduce((sum, bytes) => sum + headerBytes(bytes) + bytes, 0),
    mayWait,
  );
  let at = 0;
  for (const [index, text] of texts.entries()) {
    at = writeHeader(frames, at, lengths[index] ?? 0);
    at += frames.write(text, at);
  }
  return frames;
}

function allocate(length: number, mayWait: boolean): Buffer {
  return mayWait ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
}

function headerBytes(bytes: number): number {
  if (bytes < length16) return 2;
  return bytes <= 0xffff ? 4 : headerBytesMax;
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
    frames[at + 2] = bytes >>> 8;
    frames[at + 3] = bytes & 0xff;
    return at + 4;
  }
  frames[at + 1] = length64;
  frames.writeUInt32BE(0, at + 2);
  return frames.writeUInt32BE(bytes, at + 6);
}
