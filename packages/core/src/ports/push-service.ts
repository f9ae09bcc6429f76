import type { DeviceEndReason, EndReason } from "@echoo/protocol";
import type { Instant } from "./clock.ts";

/** A device that a push service can wake, as calls know it. */
export interface PushTarget {
  readonly device: string;
  /** Its sessions are those of this token; absent where they are those of its own id. */
  readonly token?: string;
}

interface OrderFacts {
  readonly callId: string;
  readonly caller: string;
  /** Whose device it is. */
  readonly callee: string;
  readonly device: string;
  readonly isVideo: boolean;
  readonly callerName?: string;
}

/** That a device is to ring, until then. */
export interface RingOrder extends OrderFacts {
  readonly kind: "ring";
  readonly endsAtMs: Instant;
}

/** That a device rings no more, or missed a call. */
export interface StopOrder extends OrderFacts {
  readonly kind: "stop";
  /** As this device is to see it. */
  readonly reason: EndReason | DeviceEndReason;
  /** Whether it was woken by a push before: what it shows is to be replaced. */
  readonly rang: boolean;
  readonly missed: boolean;
  readonly endedAtMs: Instant;
}

export type PushOrder = RingOrder | StopOrder;

/**
 * `sent`: the service has it. `unsure`: it may have it. `none`: it was never begun, or refused. `gone`: the device does
 * not exist any more.
 */
export type PushOutcome = "sent" | "unsure" | "none" | "gone";

/** What brings orders to devices. It costs signaling nothing, however long a push service hangs. */
export interface PushService {
  /** Whether there may be devices of users of whom nothing is in memory. */
  readonly isUsed: boolean;
  /** Never waits and never throws. `isWanted` is asked just before it is begun; `done` is told once, and later. */
  send(order: PushOrder, isWanted: () => boolean, done: (outcome: PushOutcome) => void): void;
}
