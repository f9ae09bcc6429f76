import type { CallState } from "../../call/call.ts";
import type { QualityWarning } from "../../quality/warnings.ts";
import type { Instant } from "../clock.ts";

export type RunningState = Exclude<CallState, "ended">;

/** How one side of a running call is right now, as its own samples say. */
export interface SideNow {
  readonly user: string;
  readonly mos: number;
  readonly warnings: readonly QualityWarning[];
}

/** A call under way, as its caller sees it. */
export interface RunningCall {
  readonly callId: string;
  readonly caller: string;
  readonly callee: string;
  readonly isVideo: boolean;
  readonly state: RunningState;
  readonly createdAtMs: Instant;
  readonly answeredAtMs?: Instant;
  readonly callerDevice: string;
  readonly calleeDevice?: string;
  readonly sides: readonly SideNow[];
}

/** What is the case on this node. */
export interface RunningFigures {
  readonly states: Readonly<Record<RunningState, number>>;
  /** The last estimated score of each side that measures, in no order. */
  readonly mos: readonly number[];
  readonly warnings: Readonly<Partial<Record<QualityWarning, number>>>;
}

/** What an administrator may see of calls under way, and do to them. */
export interface RunningControl {
  readonly figures: RunningFigures;
  /** The newest first, at most so many. */
  list(limit: number): readonly RunningCall[];
  find(callId: string): RunningCall | undefined;
  /** Ends it as `admin_ended`; false where no such call is under way here. */
  end(callId: string): boolean;
}
