import type { EndedCall, Steady } from "@echoo/core";

/** What a check looks at of a call that has not ended. */
interface UnfinishedCall {
  readonly id: string;
  readonly caller: string;
  readonly callee: string;
  /** There once it was answered. */
  readonly answeredAtMs?: Steady;
}

/** An entry that is set aside, or will be: what it is, and why. */
interface UselessEntry {
  readonly kind: string;
  readonly callId: string;
  readonly why: string;
}

/** A journal at rest. Each list can be gone through again and again. */
export interface JournalContent {
  unfinished(): Iterable<UnfinishedCall>;
  /** Calls that ended within the last day. */
  ended(): Iterable<{ readonly id: string }>;
  /** Records that the store has not been given yet. */
  waitingRecords(): Iterable<EndedCall>;
  /** Entries that were set aside. */
  setAside(): Iterable<UselessEntry>;
  /** Entries of which nothing can be made: the next start sets them aside. */
  useless(): Iterable<UselessEntry>;
}
