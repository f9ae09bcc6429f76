import type { DeviceEndReason, ServerMessage } from "@echoo/protocol";
import {
  type CandidateOrEnd,
  type Device,
  isRinging,
  type Offered,
  type RingingCall,
  type UnfinishedCall,
} from "./call.ts";
import type { Effect, Sender } from "./input.ts";
import { holdsLeg } from "./legs.ts";
import { stopMessage } from "./phases/finish.ts";

/** Those that have the offer and were not told to stop. */
export function askedDevices(call: RingingCall): readonly Offered[] {
  return call.offered.filter(isAsked);
}

export function askedDevice(call: RingingCall, session: string): Offered | undefined {
  return call.offered.find((device) => device.session === session && isAsked(device));
}

function isAsked({ standing }: Offered): boolean {
  return standing !== "stopped" && standing !== "waiting";
}

/** Whether this session's screen has the call: it rings there, or is one that it placed or answered. */
export function isShownOn(call: UnfinishedCall, session: string): boolean {
  return holdsLeg(call, session) || (isRinging(call) && askedDevice(call, session) !== undefined);
}

/** Whether a call rings on a device, by whatever session of it. */
export function rangOn(call: RingingCall, device: string): boolean {
  return call.reserved?.device === device || askedDevices(call).some((other) => other.device === device);
}

/** A device that is to be asked. `isTaken`: its screen has another call. */
export function newlyOffered(device: Device, isTaken: boolean): Offered {
  const isAway = !device.can.resumes && device.lostAtMs !== undefined;
  const mustWait = isAway || (!device.can.namesCalls && isTaken);
  return { ...device, standing: mustWait ? "waiting" : "asked", held: [] };
}

/** A device that was told to stop and says so once more. */
export function isPastDevice(call: RingingCall, by: Sender): boolean {
  return call.offered.some((device) => device.session === by.session && device.standing === "stopped");
}

export function isWaitingForMerge(call: RingingCall, session: string): boolean {
  return call.reserved?.session === session && call.reserved.offerAtMs !== undefined;
}

export function replaceOffered(call: RingingCall, device: Offered): RingingCall {
  return mapOffered(call, device.session, () => device);
}

export function mapOffered(call: RingingCall, session: string, change: (device: Offered) => Offered): RingingCall {
  const offered = call.offered.map((device) => (device.session === session ? change(device) : device));
  return { ...call, offered };
}

export function mapAsked(call: RingingCall, session: string, change: (device: Offered) => Offered): RingingCall {
  return mapOffered(call, session, (device) => (isAsked(device) ? change(device) : device));
}

export function withoutOffered(call: RingingCall, session: string): RingingCall {
  // One that was told to stop is remembered, so that its device is not asked again.
  const offered = call.offered.filter((device) => device.session !== session || device.standing === "stopped");
  return offered.length === call.offered.length ? call : { ...call, offered };
}

/** A device that cannot resume rings on without its session, and is told of the end when it joins again. */
export function ringsUnresumed(device: Offered): boolean {
  return !device.can.resumes && device.token === undefined && device.standing !== "waiting";
}

export function withoutExpired(call: RingingCall, session: string): RingingCall {
  return call.offered.some((device) => device.session === session && ringsUnresumed(device))
    ? call
    : withoutOffered(call, session);
}

export function stopOthers(call: RingingCall, winner: string, reason: DeviceEndReason): Effect[] {
  return askedDevices(call)
    .filter((device) => device.session !== winner)
    .map((device) => ({ type: "send", to: device.session, message: stopMessage(call, reason) }));
}

export function toCaller(call: RingingCall, message: ServerMessage): Effect {
  return { type: "send", to: call.callerLeg.session, message };
}

export function ringingMessage(call: RingingCall): ServerMessage {
  return { type: "ringing", callId: call.id, from: call.callee };
}

export function candidateMessage(call: RingingCall, value: CandidateOrEnd): ServerMessage {
  return { type: "candidate", callId: call.id, from: call.caller, to: call.callee, candidate: value };
}
