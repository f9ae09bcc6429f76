import type { Timeline } from "../../verdict/verdict.ts";
import type { Instant } from "../clock.ts";
import type { SideReport } from "../journal.ts";

/** Some of what one side's client told of a call, on its way to the store. */
export interface ReceivedReport extends SideReport {
  readonly callId: string;
  readonly reporter: string;
  readonly receivedAtMs: Instant;
}

/** One side's timeline as it is kept. */
export interface StoredTimeline extends Timeline {
  readonly callId: string;
  readonly reporter: string;
  /** When the last part of it came. */
  readonly receivedAtMs: Instant;
}

export interface Reports {
  /** Merges them with what is there, as `mergeTimelines` does: in any order and however often, the result is the same. */
  add(reports: readonly ReceivedReport[]): Promise<void>;
  /** Those of these calls, of both sides, in no order. */
  timelines(callIds: readonly string[]): Promise<readonly StoredTimeline[]>;
  /** Deletes the oldest of which the last part came before the time, at most `limit`; tells how many. */
  sweep(beforeMs: Instant, limit: number): Promise<number>;
}
