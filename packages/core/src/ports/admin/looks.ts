import type { EndedCall } from "../../call/record.ts";
import type { Instant } from "../clock.ts";

/** Which accounts an administrator asked for. */
export interface UsersQuery {
  /** What the number begins with. */
  readonly prefix?: string;
  readonly only?: "admin" | "suspended";
  /** The last one of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Where in the order of calls one lies. */
export type CallPosition = Pick<EndedCall, "createdAtMs" | "callId">;

/** Calls of everybody, or of one party, as an administrator looks at them: what was hidden by a party is among them. */
export interface CallsLook {
  readonly party?: string;
  /** Created then or later, and before then. */
  readonly sinceMs: Instant;
  readonly untilMs: Instant;
  /** The last one that was looked at before. */
  readonly after?: CallPosition;
  readonly limit: number;
}
