import type { DeviceEndReason, EndReason } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import type { PushTarget } from "../../ports/push-service.ts";

/** That a device is to be told that the ring is over for it, or of a missed call. */
export interface PushStop {
  readonly reason: EndReason | DeviceEndReason;
  readonly missed: boolean;
  /** `owed`: from `atMs` on, and after the outcome of its ring. */
  readonly standing: "owed" | "pushing" | "done";
  readonly atMs: Steady;
}

/** A device of the callee that a push service can wake, as one call has it. */
export interface PushSlot extends PushTarget {
  /**
   * `due`: it is pushed to from `dueAtMs` on, unless it rings by then. `pushing`: that was begun, and what came of it is
   * not known. `sent`: the service has it, or may have it. `none`: it is not pushed to. `gone`: it exists no more.
   */
  readonly ring: "due" | "pushing" | "sent" | "none" | "gone";
  readonly dueAtMs: Steady;
  /** No push service took its ring. */
  readonly refused?: true;
  /** It said that it rings. */
  readonly heard?: true;
  /** It answered, declined, or has the call otherwise: it closes its own notification. */
  readonly over?: true;
  readonly stop?: PushStop;
}

/** Whether a session is one of this device's: a browser has one subscription, and a session for each tab. */
export function isOwnSession(
  slot: PushTarget,
  { device, token }: { readonly device: string; readonly token?: string | undefined },
): boolean {
  return slot.token === undefined ? slot.device === device : slot.token === token;
}

export function slotOf(pushes: readonly PushSlot[] | undefined, device: string): PushSlot | undefined {
  return pushes?.find((slot) => slot.device === device);
}
