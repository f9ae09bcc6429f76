import type { PushTarget } from "../ports/push-service.ts";
import type { Device } from "./call.ts";

/** What the callee is like at this moment. */
export interface CalleeFacts {
  /** Whether the rest is known; of a user who is online it always is. `reading`: it is asked for, and will be told. */
  readonly isKnown: boolean | "reading";
  readonly blockedCaller: boolean;
  readonly doNotDisturb: boolean;
  /** Every session of the callee, one within its resume time included. */
  readonly devices: readonly Device[];
  readonly push: readonly PushTarget[];
  /** Whether one more call of this caller may wake them. */
  readonly mayRing: boolean;
}
