import type { DeviceEndReason, EndReason, ErrorCode } from "@echoo/protocol";
import type { Call, CallState } from "./call.ts";
import type { Effect } from "./input.ts";
import { slotOf } from "./push/push-slot.ts";

/** The answer to a sender whose request was refused: nothing moved because of it. */
export interface Refused {
  readonly type: "refuse";
  readonly code: ErrorCode;
  /** Empty where no call is meant. */
  readonly callId: string;
  readonly state?: CallState;
  readonly reason?: EndReason | DeviceEndReason;
  /** When the same may be asked again, where that is known. */
  readonly retryInMs?: number;
}

/** What an input comes to: the call as it is now, what is to be done, and the sender's answer where it is refused. */
export type Step = readonly [call: Call, effects: readonly Effect[], refused?: Refused | undefined];

/** A device that was woken comes too late: it is told what its stop says. */
export function pushTooLate(call: Call, device: string, otherwise: Refused["reason"]): Step {
  const slot = slotOf(call.pushes, device);
  return slot ? refuse(call, "too_late", slot.stop?.reason ?? otherwise) : refuse(call, "not_bound");
}

/** The call stays as it is, and the sender is told why. */
export function refuse(call: Call, code: ErrorCode, reason?: Refused["reason"]): Step {
  const why = reason === undefined ? {} : { reason };
  return [call, [], { type: "refuse", code, callId: call.id, state: call.state, ...why }];
}
