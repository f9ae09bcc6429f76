import { existsSync, fstatSync, readdirSync, readSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Instant } from "@echoo/core";
import { type AuditFileBounds, auditBounds } from "./audit-bounds.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { auditFileName, oldFileName, oldFilesIn } from "./audit-files.ts";
import { HeldFile, isOutOfDescriptors } from "./held-file.ts";

const newLine = 0x0a;

interface AuditFileOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, "now">;
  /** The clock that files put away are old by; that of the entries where absent. */
  readonly settled?: { now(): Instant };
  /** The first of several in a row; undefined when it can be written again. */
  readonly onFault: (error: unknown) => void;
  /** A command that writes one line leaves it to the server to put files away. */
  readonly rotates?: boolean;
  readonly bounds?: AuditFileBounds;
}

/**
 * Lines at the end of a file: several processes may write, the operator may move it away, a process killed in the
 * middle of a line spoils no other, and a process without a descriptor for anything else loses none.
 */
export class AuditFile {
  readonly #options: AuditFileOptions;
  readonly #bounds: AuditFileBounds;
  readonly #path: string;
  readonly #held: HeldFile;
  /** When the first entry of the file was written, as far as is known. */
  #sinceMs: Instant | undefined;
  #lost = 0;
  #isFaulty = false;

  constructor(options: AuditFileOptions) {
    this.#options = options;
    this.#bounds = options.bounds ?? auditBounds;
    this.#path = join(options.folder, auditFileName);
    this.#held = new HeldFile(this.#path);
  }

  /** False while entries are lost, because the disk is full or the file may not be written. */
  get isWell(): boolean {
    return !this.#isFaulty;
  }

  /** Adds a line; never throws. A line that cannot be written is lost and counted, and the next one is tried again. */
  append(line: string): void {
    const isDue = this.#try(() => this.#write(this.#lost === 0 ? `${line}\n` : `${this.#gap()}\n${line}\n`));
    if (isDue === undefined) {
      this.#lost += 1;
      return;
    }
    this.#lost = 0;
    const isDone = !isDue || this.#try(() => this.#putAway());
    if (isDone && this.#isFaulty) {
      this.#isFaulty = false;
      this.#options.onFault(undefined);
    }
  }

  /** A line that comes after it opens the file again. */
  close(): void {
    this.#held.close();
  }

  #try<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!this.#isFaulty) this.#options.onFault(error);
      this.#isFaulty = true;
      return undefined;
    }
  }

  #gap(): string {
    const time = new Date(this.#options.clock.now()).toISOString();
    return JSON.stringify({ time, event: "audit_gap", outcome: "ok", count: this.#lost } satisfies AuditEntry);
  }

  /** Tells whether the file is due to be put away. */
  #write(text: string): boolean {
    const { file, isAnother } = this.#held.open();
    if (isAnother) this.#sinceMs = undefined;
    const stat = fstatSync(file);
    // A writer that was killed, or whose disk was full, may have left half a line.
    const whole = stat.isFile() && stat.size > 0 && lastByte(file, stat.size) !== newLine ? `\n${text}` : text;
    const bytes = Buffer.from(whole);
    if (writeSync(file, bytes) < bytes.length) throw new Error("the audit log took a part of a line alone");
    return stat.isFile() && this.#isDue(file, stat.size + bytes.length);
  }

  #isDue(file: number, size: number): boolean {
    if (this.#options.rotates === false) return false;
    this.#sinceMs ??= firstTimeMs(file) ?? this.#options.clock.now();
    return size >= this.#bounds.fileBytes || this.#options.clock.now() - this.#sinceMs >= this.#bounds.fileMs;
  }

  #putAway(): true {
    const { folder, clock } = this.#options;
    let atMs = clock.now();
    while (existsSync(join(folder, oldFileName(atMs)))) atMs += 1;
    renameSync(this.#path, join(folder, oldFileName(atMs)));
    try {
      this.#forget();
    } catch (error) {
      // A folder is not listed without a descriptor: those that are due go when the next file is put away.
      if (!isOutOfDescriptors(error)) throw error;
    }
    return true;
  }

  /** Deletes what is too old, and what is too many. */
  #forget(): void {
    const { folder, clock, settled = clock } = this.#options;
    const old = oldFilesIn(readdirSync(folder));
    const tooOld = oldFileName(settled.now() - this.#bounds.oldFileMs);
    const surplus = old.length - this.#bounds.oldFiles;
    for (const [index, name] of old.entries()) {
      if (index < surplus || name < tooOld) unlinkSync(join(folder, name));
    }
  }
}

function lastByte(file: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  return readSync(file, byte, 0, 1, size - 1) === 1 ? byte[0] : undefined;
}

/** The time of the first entry, which stands at the beginning of its line. */
function firstTimeMs(file: number): number | undefined {
  const head = Buffer.alloc(64);
  const text = head.toString("latin1", 0, readSync(file, head, 0, head.length, 0));
  const time = /^\{"time":"([^"]+)"/.exec(text)?.[1];
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
