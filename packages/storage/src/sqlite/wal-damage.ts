import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { endianness } from "node:os";

/** What lies behind a broken page of a write-ahead log: SQLite reads up to there, and writes over the rest. */
export interface WalDamage {
  /** Pages that SQLite still reads. */
  readonly readable: number;
  /** Pages of finished transactions behind the first one that does not fit its checksum. */
  readonly lost: number;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;
const stepBytes = 4 * 1024 * 1024;
const wordBytes = Int32Array.BYTES_PER_ELEMENT;
const isBigEndianMachine = endianness() === "BE";

/**
 * Looks through a write-ahead log for pages that were written and cannot be read. A process that is killed leaves none: its
 * last page may be half, but nothing lies behind it. A power loss may leave some, and so does a disk that fails. Undefined
 * where the log is whole. Format: https://www.sqlite.org/fileformat.html#walformat
 */
export function walDamage(path: string): WalDamage | undefined {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size < headerBytes) return undefined;
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    const log = readHeader(header);
    // Without its header nothing of the log can be read; a header alone holds nothing.
    if (log === undefined) return size > headerBytes ? { readable: 0, lost: countFrames(size, header) } : undefined;
    return new FrameReader(file, size, log).read();
  } finally {
    closeSync(file);
  }
}

interface Log {
  readonly pageBytes: number;
  readonly isBigEndian: boolean;
  readonly salts: Buffer;
  readonly checksum: Checksum;
}

type Checksum = readonly [number, number];

function readHeader(header: Buffer): Log | undefined {
  const isBigEndian = header.readUInt32BE(0) === magic + 1;
  if (!isBigEndian && header.readUInt32BE(0) !== magic) return undefined;
  const checksum = checksumOf(header, 0, 24, [0, 0], isBigEndian);
  if (!fits(checksum, header, 24)) return undefined;
  return { pageBytes: header.readUInt32BE(8), isBigEndian, salts: Buffer.from(header.subarray(16, 24)), checksum };
}

function countFrames(size: number, header: Buffer): number {
  const pageBytes = header.readUInt32BE(8);
  const isPossible = pageBytes >= 512 && pageBytes <= 65_536;
  return Math.floor((size - headerBytes) / (frameHeaderBytes + (isPossible ? pageBytes : 4096)));
}

/** Goes through the pages in order: each checksum is that of all before it as well. */
class FrameReader {
  readonly #file: number;
  readonly #size: number;
  readonly #log: Log;
  #checksum: Checksum;
  #isBroken = false;
  #readable = 0;
  /** Behind the break: pages up to the last one that ends a transaction, and those after it. */
  #lost = 0;
  #unfinished = 0;

  constructor(file: number, size: number, log: Log) {
    this.#file = file;
    this.#size = size;
    this.#log = log;
    this.#checksum = log.checksum;
  }

  read(): WalDamage | undefined {
    const frameBytes = frameHeaderBytes + this.#log.pageBytes;
    const perStep = Math.max(1, Math.floor(stepBytes / frameBytes));
    const buffer = Buffer.alloc(perStep * frameBytes);
    for (let at = headerBytes; at + frameBytes <= this.#size; at += buffer.length) {
      const read = readSync(this.#file, buffer, 0, buffer.length, at);
      for (let frame = 0; frame + frameBytes <= read; frame += frameBytes) this.#take(buffer, frame);
    }
    return this.#lost > 0 ? { readable: this.#readable, lost: this.#lost } : undefined;
  }

  #take(buffer: Buffer, at: number): void {
    const { salts, pageBytes, isBigEndian } = this.#log;
    // Older pages that this log has not written over yet have other salts.
    const isOfThisLog = buffer.compare(salts, 0, 8, at + 8, at + 16) === 0;
    if (!this.#isBroken && isOfThisLog) {
      const head = checksumOf(buffer, at, 8, this.#checksum, isBigEndian);
      const whole = checksumOf(buffer, at + frameHeaderBytes, pageBytes, head, isBigEndian);
      if (fits(whole, buffer, at + 16)) {
        this.#checksum = whole;
        this.#readable += 1;
        return;
      }
    }
    this.#isBroken = true;
    if (!isOfThisLog) return;
    this.#unfinished += 1;
    // A transaction that was rolled back leaves pages as well; one that ended has its end among them.
    if (buffer.readUInt32BE(at + 4) === 0) return;
    this.#lost += this.#unfinished;
    this.#unfinished = 0;
  }
}

function fits([first, second]: Checksum, buffer: Buffer, at: number): boolean {
  return buffer.readUInt32BE(at) === first && buffer.readUInt32BE(at + 4) === second;
}

function checksumOf(bytes: Buffer, from: number, length: number, before: Checksum, isBigEndian: boolean): Checksum {
  if (isBigEndian === isBigEndianMachine) {
    return checksumOfWords(new Int32Array(bytes.buffer, bytes.byteOffset + from, length / wordBytes), before);
  }
  // SQLite writes them as its machine has them: this log is of another one.
  const swapped = Buffer.alloc(length);
  bytes.copy(swapped, 0, from, from + length);
  swapped.swap32();
  return checksumOfWords(new Int32Array(swapped.buffer, 0, length / wordBytes), before);
}

/** In words of the machine: a log may have 64 MiB, and a start waits for all of it. */
function checksumOfWords(words: Int32Array, [a, b]: Checksum): Checksum {
  let [first, second] = [a | 0, b | 0];
  for (let at = 0; at < words.length; at += 2) {
    first = (first + (words[at] as number) + second) | 0;
    second = (second + (words[at + 1] as number) + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}
