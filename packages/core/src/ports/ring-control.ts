import type { DeviceEndReason, EndReason } from "@echoo/protocol";
import type { Refused } from "../call/step.ts";

/** Who speaks for a device that was woken: its ticket, or the token that it belongs to. */
export type RungDevice =
  | { readonly device: string }
  | { readonly user: string; readonly token: string }
  /** A token of the host product is of no device: this one, of its user's. */
  | { readonly user: string; readonly ofUser: string };

/** A ring as a device sees it that was woken for it. */
export interface RungCall {
  readonly callId: string;
  readonly caller: string;
  readonly callee: string;
  readonly callerName?: string;
  readonly isVideo: boolean;
  /** Absent once it rings no more. */
  readonly expiresInMs?: number;
  readonly reason?: EndReason | DeviceEndReason;
}

/** What devices do that were woken by a push, without a session. */
export interface RingControl {
  /** Undefined where no such call, or not this device, was rung for. */
  rungCall(callId: string, by: RungDevice): RungCall | undefined;
  /** The device shows the ring: only now the caller hears of it. */
  ringShown(callId: string, by: RungDevice): Refused | undefined;
  ringRejected(callId: string, by: RungDevice, busy: boolean): Refused | undefined;
}
