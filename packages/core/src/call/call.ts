import type { Candidate, DeviceEndReason, EndReason } from "@echoo/protocol";
import type { Instant, Steady } from "../ports/clock.ts";
import type { Abilities } from "./abilities.ts";
import type { Ender } from "./ended-by.ts";
import type { PushSlot } from "./push/push-slot.ts";

/** A candidate, or null for the end of candidates. */
export type CandidateOrEnd = Candidate | null;

/** A session description as it came, byte for byte: the DTLS fingerprint lives in it. */
export interface Description {
  readonly sdp: string;
  readonly neg?: number;
}

/** A connected device of a user, as calls refer to it. */
export interface Device {
  readonly session: string;
  readonly device: string;
  readonly token?: string;
  /** A token that its client has and cannot send: what the device is in ends with it as well. */
  readonly voucher?: string;
  readonly can: Abilities;
  /** While its socket is gone. */
  readonly lostAtMs?: Steady;
}

/** One side of a call. */
export interface Leg extends Device {
  /** The last moment this side is known to have been there; kept from when it was lost. */
  readonly provenAtMs?: Steady;
  /** The sessions before this one, newest first: its client may never have learnt that it has another. */
  readonly formerSessions?: readonly string[];
  /** The number of the join that took it over, among the joins of its user on all nodes. */
  readonly joinNumber?: number;
  /** Its highest negotiation so far, and the one that still waits for the peer's answer. */
  readonly offeredNeg?: number;
  readonly openOffer?: Description;
  /** Its newest answer to a renegotiation. */
  readonly lastAnswer?: Description;
}

/** A device of the callee that was asked, or once was. */
export interface Offered extends Device {
  /**
   * `waiting`: the offer was not written to it. It shows one call and has another, or it is away and cannot be told
   * later what it misses now; it takes no part in the call until it is asked.
   */
  readonly standing: "asked" | "acknowledged" | "stopped" | "waiting";
  /** Its candidates, held until it wins: the callee's addresses stay private until the answer. */
  readonly held: readonly CandidateOrEnd[];
}

interface CallFacts {
  readonly id: string;
  readonly caller: string;
  readonly callee: string;
  readonly callerName?: string;
  readonly isVideo: boolean;
  /** Neither side may learn an address of the other: all media goes through a relay. */
  readonly relayOnly?: true;
  /** When it was placed: by the wall clock, and by the steady one that all other moments of a call are of. */
  readonly createdAtMs: Instant;
  readonly placedAtMs: Steady;
  /** Ids that mean this call as well: the attempts that glare merged into it. */
  readonly aliases: readonly string[];
  readonly glare: boolean;
  readonly reconnects: number;
  readonly ringingAtMs?: Steady;
  /** The node went down while this call was under way. */
  readonly restarted?: true;
  readonly callerLeg: Leg;
  readonly offer: Description;
  /** The offering device's candidates from before media flowed; below the winning device's. */
  readonly callerCandidates: readonly CandidateOrEnd[];
  /** Callee devices that were asked; after the answer the ones that lost. */
  readonly offered: readonly Offered[];
  /** The callee's devices that a push service can wake; absent where there are none. */
  readonly pushes?: readonly PushSlot[];
}

/** The device of the second dialler in a glare: no other one may answer. */
export interface Reservation {
  readonly device: string;
  readonly session: string;
  /** Candidates of its own attempt may still come, and are dropped. An offer of its own ends that. */
  readonly attempting?: true;
  /** For a device that cannot answer a merged call: when it gets the standing offer. */
  readonly offerAtMs?: Steady;
}

export interface RingingCall extends CallFacts {
  readonly state: "calling" | "ringing";
  readonly expiresAtMs: Steady;
  /** How many candidates of the caller were passed on, to all devices that ring. */
  readonly relayed?: number;
  /** A blocked caller's call: the callee never learns of it. */
  readonly shadow?: true;
  readonly reserved?: Reservation;
  /** The callee does not want to be disturbed: nothing rings, and the caller sees an unreachable callee. */
  readonly quiet?: true;
  /** What the callee wants is being read; until then nobody else learns of the call. */
  readonly unscreened?: true;
}

export interface AnsweredCall extends CallFacts {
  readonly state: "connecting" | "active" | "reconnecting";
  readonly answeredAtMs: Steady;
  readonly connectedAtMs?: Steady;
  /** When the last lost leg came back. */
  readonly returnedAtMs?: Steady;
  readonly calleeLeg: Leg;
  readonly answer: Description;
  readonly calleeCandidates: readonly CandidateOrEnd[];
}

/** What is left of a call for 24 h. */
export interface FinishedCall {
  readonly state: "ended";
  readonly id: string;
  readonly aliases: readonly string[];
  readonly caller: string;
  readonly callee: string;
  readonly isVideo: boolean;
  readonly endReason: EndReason;
  /** Absent in journals of before, and where it is not known. */
  readonly ender?: Ender;
  readonly createdAtMs: Instant;
  readonly endedAtMs: Steady;
  readonly answered: boolean;
  readonly callerOnly: boolean;
  /** The devices that took part, with how each one saw it end. */
  readonly devices: readonly FinishedDevice[];
  readonly pushes?: readonly PushSlot[];
}

export interface FinishedDevice {
  readonly user: string;
  readonly device: string;
  readonly session: string;
  readonly reason: EndReason | DeviceEndReason;
  /** It cannot resume and was away: its next join tells it. */
  readonly untold?: true;
}

export type UnfinishedCall = RingingCall | AnsweredCall;
export type Call = UnfinishedCall | FinishedCall;
export type CallState = Call["state"];

export function isAnswered(call: Call): call is AnsweredCall {
  return call.state === "connecting" || call.state === "active" || call.state === "reconnecting";
}

export function isRinging(call: Call): call is RingingCall {
  return call.state === "calling" || call.state === "ringing";
}

/** Whether it exists for its caller alone: the callee has blocked them and never learns of it. */
export function isCallerOnly(call: Call): boolean {
  if (call.state === "ended") return call.callerOnly;
  return isRinging(call) && (call.shadow === true || call.unscreened === true);
}

/** The other party, as this user sees it. */
export function peerOf(call: Pick<Call, "caller" | "callee">, user: string): string {
  return call.caller === user ? call.callee : call.caller;
}
