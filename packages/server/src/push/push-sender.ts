import type { Instant } from "@echoo/core";
import type { DeviceEndReason, EndReason } from "@echoo/protocol";

/** What a device is told, whichever service brings it. */
export interface PushContent {
  readonly kind: "ring" | "stop";
  readonly callId: string;
  /** With it the device may speak of this ring, without signing in. */
  readonly ticket?: string;
  /** Absent where the service could read it and is not to. */
  readonly from?: { readonly phone: string; readonly displayName: string };
  readonly isVideo?: boolean;
  /** When it rings no more, by the server's clock, in milliseconds. */
  readonly endsAt?: number;
  readonly reason?: EndReason | DeviceEndReason;
  readonly missed?: boolean;
  /** Calls of this caller that wait to be seen, this one among them. */
  readonly count?: number;
  /** Missed calls of all callers that wait to be seen: the badge. */
  readonly unseenMissed?: number;
}

export interface PushMessage {
  readonly content: PushContent;
  /** For a device that shows what it gets without a program of ours. */
  readonly title: string;
  readonly body: string;
  /** How long the service may keep it, and until when, in Unix time. */
  readonly ttlSec: number;
  readonly expiresAtSec: number;
}

/** What a push service made of it. */
export type SendResult =
  | { readonly outcome: "accepted" }
  /** The device does not exist any more. */
  | { readonly outcome: "gone" }
  /** Perhaps later; `unsure`: it may have been taken all the same. */
  | { readonly outcome: "later"; readonly retryInMs?: number; readonly unsure: boolean }
  /** Our own fault: it would be the same again. */
  | { readonly outcome: "refused"; readonly why: string };

/** Brings messages to devices of one platform. Rejects with nothing: what goes wrong is a result. */
export interface PushSender {
  send(address: string, message: PushMessage): Promise<SendResult>;
  close(): void;
}

/** How long a push service has for its answer. */
export const sendMs = 5_000;

/** `Retry-After` in seconds, or as a date. */
export function retryAfterMs(header: string | undefined, nowMs: Instant): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
