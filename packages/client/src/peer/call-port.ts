import type { ClientMessage } from "@echoo/protocol";
import type { Call } from "../call/call.ts";
import type { ClientClock, Instant } from "../client-clock.ts";
import type { EchooError } from "../echoo-error.ts";
import type { MediaPort } from "../media/media-port.ts";

/** What a call needs of its client. */
export interface CallPort {
  readonly clock: ClientClock;
  readonly media: MediaPort;
  readonly userId: string;
  linkUp(): boolean;
  /** How long the server waits for this side after its link was lost. */
  resumeMs(): number;
  send(message: ClientMessage): void;
  /** Takes back a call that the server cannot have heard of; false where it may have. */
  withdraw(callId: string): boolean;
  configuration(relayOnly: boolean): Promise<RTCConfiguration>;
  /** The server refused the offer of this call. */
  refused(call: Call, error: EchooError): void;
  ended(call: Call): void;
  /** Begins the timeline of a call, where there is one. What it gives is used in place of what is here. */
  report?(call: Call): Pick<CallPort, "media"> | undefined;
}

export interface PendingOffer {
  readonly sdp: string;
  readonly neg: number | undefined;
}

export interface CallStart {
  readonly id: string;
  readonly peer: string;
  readonly peerName: string | undefined;
  readonly isVideo: boolean;
  /** Of a call that rings here. */
  readonly offer: PendingOffer | undefined;
  /** Of a call that the page before this one was in. */
  readonly returning?: ReturningCall;
}

export interface ReturningCall {
  readonly role: "caller" | "callee";
  readonly direction: "incoming" | "outgoing";
  readonly startedAtMs: Instant;
  readonly audio: boolean;
  readonly video: boolean;
  /** The highest negotiation that the page before offered. */
  readonly neg: number;
}
