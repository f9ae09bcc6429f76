import type { ReportEvent, Sample } from "@echoo/protocol";
import type { CallRecord } from "../call/record.ts";
import type { Instant, Steady } from "./clock.ts";

/** An unfinished call as it is kept across a restart: the machine's own state, as JSON. */
export interface LiveCallEntry {
  readonly callId: string;
  readonly body: string;
}

/** An unfinished call as the last process left it, with all that became of it. */
export interface LoadedCall extends LiveCallEntry {
  /**
   * What the journal has of it besides its last body, which is within this one: so what becomes of it next is one change
   * more. Absent where it has to be written whole first.
   */
  readonly since?: { readonly changes: number; readonly chars: number };
  /** What the body says, where it had to be read already: nobody else has it, and it is as little looked at. */
  readonly value?: unknown;
}

/** What became of an unfinished call since the journal was last told of it, as JSON that `bodyAfter` understands. */
export interface LiveCallChange {
  readonly callId: string;
  /** Comes after the body, and after each lower number since. */
  readonly number: number;
  readonly change: string;
}

/**
 * When a node was alive: by the wall clock, which goes on while no process runs, and by the steady time that the
 * moments in its calls and tombstones are of. Journals of older versions had one of them, and used it for both.
 */
export interface Beat {
  readonly atMs: Instant;
  readonly steadyMs: Steady;
}

/** What is remembered for 24 h of a call that ended, so that nothing resurrects it. */
export interface TombstoneEntry {
  readonly callId: string;
  readonly body: string;
  readonly expiresAtMs: Steady;
}

/** Samples of one side, as they came. `batch` makes storing them again change nothing. */
export interface SampleBatch {
  readonly callId: string;
  readonly reporter: string;
  readonly batch: string;
  readonly receivedAtMs: Instant;
  readonly samples: readonly Sample[];
  /** What its client told besides. It is kept apart from the samples, and merged with what was told before. */
  readonly report?: SideReport;
}

/** Some events of one side's timeline. */
export interface SideReport {
  readonly events: readonly ReportEvent[];
  /** By the client's clock, to tell how far that is off. */
  readonly sentAtMs?: Instant;
}

/** A summary that a client made by itself (`callStats`), kept as reported. */
export interface ReportedStats {
  readonly callId: string;
  readonly reporter: string;
  readonly receivedAtMs: Instant;
  /** The message's fields as JSON. */
  readonly body: string;
}

/** All that one turn of the event loop changed. */
export interface JournalBatch {
  /** A call whole, in place of all that there was of it, or what became of it since. */
  readonly live: readonly (LiveCallEntry | LiveCallChange)[];
  readonly ended: readonly { readonly tombstone: TombstoneEntry; readonly record?: CallRecord }[];
  readonly samples: readonly SampleBatch[];
  readonly reported: readonly ReportedStats[];
  /** Absent where nothing tells that the node lives now, as when a batch is written late. */
  readonly beat?: Beat;
}

/**
 * The node's own memory on disk. What `commit` was given survives the death of the process by any signal the
 * moment it returns, and a power loss 20 ms later. Ended calls and samples wait in it until the store has them.
 */
export interface Journal {
  /**
   * Synchronous: messages of the same turn leave only after it. An ended call is no longer live, also when the same
   * batch has it as live. When the disk fails it throws `JournalUnavailable`: the file is as it was before, and the
   * batch is kept in memory and goes with the next commit, so the caller only reports the fault and goes on.
   */
  commit(batch: JournalBatch): void;
  /** Notes that the node lives, in between commits: a restart takes this for the last proof of life of its calls. */
  beat(beat: Beat): void;
  /**
   * What the last process left, without what has expired since by its own steady time. Called once, before any client
   * may join. The lists are read while they are gone through, a few entries at a time, and may be committed to and set
   * aside from meanwhile. Each call comes whole, its changes within its body. Bodies of older formats were brought to this program's; whether they are any good is for who
   * reads them.
   */
  load(): {
    readonly live: Iterable<LoadedCall>;
    readonly ended: Iterable<TombstoneEntry>;
    /** The last beat; absent where there was none. */
    readonly beat?: Beat;
  };
  /**
   * Nothing can be made of an entry that `load` gave: it is kept for people to look at, and no `load` gives it again.
   * Throws `JournalUnavailable`.
   */
  setCallAside(kind: "live" | "ended", callId: string, error: unknown): void;
}

/** The journal's disk is full, read-only or broken. */
export class JournalUnavailable extends Error {
  constructor(cause: unknown) {
    super("the journal cannot be written", { cause });
    this.name = "JournalUnavailable";
  }
}
