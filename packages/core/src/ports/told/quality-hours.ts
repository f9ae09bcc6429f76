import type { HourGroups, QualityRow } from "../../quality/hours/hour-groups.ts";
import type { Instant } from "../clock.ts";
import type { StoredCall } from "./stored-call.ts";

/** One hour by one dimension, as it was counted, or the sum of a day's hours. */
export interface QualityHour {
  /** When it begins; a multiple of an hour. */
  readonly hourMs: Instant;
  readonly dimension: QualityRow;
  readonly groups: HourGroups;
}

/** An hour whose calls or summaries changed, and how often; for `put`. */
export interface MarkedHour {
  readonly hourMs: Instant;
  readonly marks: number;
}

/** The histograms of the hours in which calls began, from which quality over time is told. */
export interface QualityHours {
  /** Notes that hours are to be counted anew. */
  mark(hours: readonly Instant[]): Promise<void>;
  /**
   * Takes a marked hour that no other node has taken, for a while, the one that waits longest: of several nodes at once one gets it. Undefined
   * where there is none.
   */
  claim(nowMs: Instant, untilMs: Instant): Promise<MarkedHour | undefined>;
  /**
   * Puts all rows of an hour in the place of those that there are. Its mark goes; where it was marked since, it can be
   * claimed again from then on.
   */
  put(hour: MarkedHour, rows: readonly QualityHour[], againAtMs: Instant): Promise<void>;
  /** The rows of a dimension from the first hour until before the last, by time. */
  read(dimension: QualityRow, fromMs: Instant, untilMs: Instant): Promise<readonly QualityHour[]>;
  /**
   * Some of the calls that began in the hour and that the server saw, from the one after `after` on, in an order
   * of the store's own.
   */
  callsOf(hourMs: Instant, after: string | undefined, limit: number): Promise<readonly StoredCall[]>;
  /** Deletes hours that began before the time, marks included, at most `limit` rows; tells how many. */
  sweep(beforeMs: Instant, limit: number): Promise<number>;
}
