import type { DeviceEndReason, ServerMessage } from "@echoo/protocol";
import type { CandidateOrEnd, Offered, RingingCall } from "./call.ts";
import type { Effect, Sender } from "./input.ts";
import { stopMessage } from "./phases/finish.ts";

export function askedDevices(call: RingingCall): readonly Offered[] {
  return call.offered.filter((device) => device.standing !== "stopped");
}

export function askedDevice(call: RingingCall, session: string): Offered | undefined {
  return call.offered.find((device) => device.session === session && device.standing !== "stopped");
}

/** A device that was told to stop and says so once more. */
export function isPastDevice(call: RingingCall, by: Sender): boolean {
  return call.offered.some((device) => device.session === by.session);
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

export function withoutOffered(call: RingingCall, session: string): RingingCall {
  // One that was told to stop is remembered, so that its device is not asked again.
  const offered = call.offered.filter((device) => device.session !== session || device.standing === "stopped");
  return offered.length === call.offered.length ? call : { ...call, offered };
}

/** A device that cannot resume rings on without its session, and is told of the end when it joins again. */
export function ringsUnresumed(device: Offered): boolean {
  return !device.can.resumes && device.token === undefined;
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
