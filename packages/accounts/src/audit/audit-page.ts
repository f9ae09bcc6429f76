import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { AuditEntry } from "./audit-entry.ts";
import { auditFileName } from "./audit-files.ts";
import { auditFilesIn, entryOf } from "./read-audit.ts";

const chunkBytes = 64 * 1024;
/** No entry is as long: a line that is, is none. */
const lineBytesMax = 1024 * 1024;
const newLine = 0x0a;

/** Where the next page goes on: before this byte of this file. */
export interface AuditPosition {
  readonly file: string;
  readonly before: number;
}

export interface AuditPageQuery {
  /** The pseudonym of a number: entries by it, and about it. */
  readonly userKey?: string;
  readonly event?: string;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly from?: AuditPosition;
  readonly limit: number;
  /** Entries that are looked at for the page. */
  readonly looked: number;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next?: AuditPosition;
}

/** Entries of the log, newest first. It reads the files from their ends, so that a page costs the same however long they are. */
export async function readAuditPage(folder: string, query: AuditPageQuery): Promise<AuditPage> {
  const entries: AuditEntry[] = [];
  let looked = 0;
  for await (const { line, at } of linesBackwards(folder, query.from)) {
    const entry = entryOf(line);
    if (entry === undefined) continue;
    looked += 1;
    const timeMs = Date.parse(entry.time);
    if (query.sinceMs !== undefined && timeMs < query.sinceMs) return { entries };
    if (isWanted(entry, timeMs, query)) entries.push(entry);
    if (entries.length === query.limit || looked === query.looked) return { entries, next: at };
  }
  return { entries };
}

function isWanted(entry: AuditEntry, timeMs: number, { userKey, event, untilMs }: AuditPageQuery): boolean {
  if (userKey !== undefined && entry.userKey !== userKey && entry.otherKey !== userKey) return false;
  if (event !== undefined && entry.event !== event) return false;
  return untilMs === undefined || timeMs < untilMs;
}

interface FoundLine {
  readonly line: string;
  /** Where the line begins. */
  readonly at: AuditPosition;
}

async function* linesBackwards(folder: string, from: AuditPosition | undefined): AsyncIterable<FoundLine> {
  const names = [...auditFilesIn(folder)].reverse();
  let before = from?.before;
  // The file of the last page may have been put away since: then the newest of those has its lines.
  let index = from === undefined ? 0 : names.indexOf(from.file);
  if (from !== undefined && index === -1) return;
  for (; index < names.length; index += 1) {
    const file = names[index] ?? "";
    const handle = await openToRead(join(folder, file));
    if (handle === undefined) continue;
    try {
      const { size } = await handle.stat();
      if (before !== undefined && before > size) {
        if (file === auditFileName && names[index + 1] !== undefined) continue;
        before = size;
      }
      yield* linesOf(handle, file, before ?? size);
    } finally {
      await handle.close();
    }
    before = undefined;
  }
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The lines of one file, the last first, of what lies before the byte. */
async function* linesOf(handle: FileHandle, file: string, end: number): AsyncIterable<FoundLine> {
  let rest: Buffer = Buffer.alloc(0);
  let at = end;
  while (at > 0) {
    const length = Math.min(chunkBytes, at);
    const chunk = Buffer.alloc(length);
    at -= length;
    await handle.read(chunk, 0, length, at);
    rest = Buffer.concat([chunk, rest]);
    for (let cut = rest.lastIndexOf(newLine); cut !== -1; cut = rest.lastIndexOf(newLine)) {
      const line = rest.subarray(cut + 1);
      rest = rest.subarray(0, cut);
      if (line.length > 0) yield { line: line.toString("utf8"), at: { file, before: at + cut + 1 } };
    }
    if (rest.length > lineBytesMax) rest = Buffer.alloc(0);
  }
  if (rest.length > 0) yield { line: rest.toString("utf8"), at: { file, before: 0 } };
}
