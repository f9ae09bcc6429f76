import type { EndedCall, Steady } from "@echoo/core";

/** What a check looks at of a call that has not ended. */
interface UnfinishedCall {
  readonly id: string;
  readonly caller: string;
  readonly callee: string;
  /** There once it was answered. */
  readonly answeredAtMs?: Steady;
}

/** A journal at rest. Each list can be gone through again and again. */
export interface JournalContent {
  unfinished(): Iterable<UnfinishedCall>;
  /** Calls that ended within the last day. */
  ended(): Iterable<{ readonly id: string }>;
  /** Records that the store has not been given yet. */
  waitingRecords(): Iterable<EndedCall>;
}
