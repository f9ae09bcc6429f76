import type { SqliteFile } from "../sqlite/sqlite-file.ts";

interface Noted {
  readonly through_seq: number;
  readonly suspect_seq: number;
}

/**
 * What is being stored, noted on the disk: what is there at a start is what the last process died over. Each method that
 * writes runs inside a transaction of its caller.
 */
export class StoringNote {
  readonly #write;
  /** Entries up to this one are stored one at a time, for a process died over one of them. */
  #suspectSeq: number;
  #throughSeq: number;

  constructor(file: SqliteFile) {
    this.#write = file.prepare("UPDATE storing SET through_seq = ?, suspect_seq = ?");
    const [row] = file.prepare<Noted>("SELECT through_seq, suspect_seq FROM storing").all();
    this.#throughSeq = row?.through_seq ?? 0;
    this.#suspectSeq = row?.suspect_seq ?? 0;
  }

  /** New entries are numbered beyond it: a note never means another entry than it did. */
  get lastSeq(): number {
    return Math.max(this.#throughSeq, this.#suspectSeq);
  }

  isSuspect(seq: number): boolean {
    return seq <= this.#suspectSeq;
  }

  /** Once, at the start. The result is the entry that was alone and that a second process died over. */
  takeDeath(): number | undefined {
    const seq = this.#throughSeq;
    if (seq === 0) return undefined;
    const wasAlone = this.isSuspect(seq);
    // Noted at once: a process that dies before it stores anything dies over nothing.
    this.#set(0, Math.max(seq, this.#suspectSeq));
    return wasAlone ? seq : undefined;
  }

  begin(throughSeq: number): void {
    this.#set(throughSeq, this.#suspectSeq);
  }

  /** It is stored, or given back. */
  end(): void {
    if (this.#throughSeq !== 0) this.#set(0, this.#suspectSeq);
  }

  #set(throughSeq: number, suspectSeq: number): void {
    this.#write.run(throughSeq, suspectSeq);
    this.#throughSeq = throughSeq;
    this.#suspectSeq = suspectSeq;
  }
}
