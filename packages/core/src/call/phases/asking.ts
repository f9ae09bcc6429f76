import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import type { Device, Offered, Reservation, RingingCall } from "../call.ts";
import type { Effect } from "../input.ts";
import {
  askedDevice,
  candidateMessage,
  isWaitingForMerge,
  newlyOffered,
  replaceOffered,
  ringingMessage,
  ringsUnresumed,
  toCaller,
} from "../offered-devices.ts";
import { isOwnSession } from "../push/push-slot.ts";
import { relayPolicy } from "../relay-only.ts";

type Step = [RingingCall, Effect[]];

/** Sends the offer to those of these devices that need not wait. Those that cannot acknowledge it do so by getting it. */
export function ask(call: RingingCall, devices: readonly Offered[], nowMs: Steady): Step {
  const effects: Effect[] = [];
  let next = call;
  for (const device of devices) {
    if (device.standing === "waiting") continue;
    effects.push({ type: "send", to: device.session, message: offerMessage(call, nowMs) });
    if (device.can.takesEarlyCandidates) effects.push(...offerCandidates(call, device.session));
    if (device.can.acknowledges || device.lostAtMs !== undefined) continue;
    next = replaceOffered(next, { ...device, standing: "acknowledged" });
    if (next.state === "calling") {
      next = { ...next, state: "ringing", ringingAtMs: nowMs };
      effects.push(toCaller(call, ringingMessage(call)));
    }
  }
  return [next, effects];
}

export function online(call: RingingCall, device: Device, isTaken: boolean, nowMs: Steady): Step {
  if (call.offered.some((other) => other.session === device.session) || !isAskable(call, device)) return [call, []];
  const asked = newlyOffered(device, isTaken);
  // An earlier session of that device may still come back, and must learn how this ends; without resume it cannot.
  const others = call.offered.filter((other) => other.device !== device.device || !isReplaced(other));
  const offered = [...others, asked];
  const reserved = call.reserved && { reserved: reservedFor(call.reserved, device.session) };
  const next = { ...call, offered, ...reserved };
  // A merged device that must be left alone for a moment gets the offer when that is over.
  return call.reserved?.offerAtMs === undefined ? ask(next, [asked], nowMs) : [next, []];
}

function isReplaced(older: Offered): boolean {
  return ringsUnresumed(older) || older.standing === "waiting";
}

/** Whether a device that comes online now is asked: not one that was told to stop, nor another than a reserved one. */
export function isAskable(
  call: RingingCall,
  device: { readonly device: string; readonly token?: string | undefined },
): boolean {
  if (call.shadow || call.quiet || call.unscreened || (call.reserved && call.reserved.device !== device.device))
    return false;
  if (call.pushes?.some((slot) => slot.over && isOwnSession(slot, device)) && !call.reserved) return false;
  return !call.offered.some((other) => other.device === device.device && other.standing === "stopped");
}

/** A new session of the second dialler knows nothing of its attempt. */
function reservedFor({ attempting: _over, ...reserved }: Reservation, session: string): Reservation {
  return { ...reserved, session };
}

function offerMessage(call: RingingCall, nowMs: Steady): ServerMessage {
  return {
    type: "offer",
    callId: call.id,
    from: call.caller,
    to: call.callee,
    ...call.offer,
    isVideoCall: call.isVideo,
    ...relayPolicy(call),
    expiresInMs: Math.max(0, call.expiresAtMs - nowMs),
    ...(call.callerName === undefined ? {} : { caller: { displayName: call.callerName } }),
  };
}

export function offerCandidates(call: RingingCall, session: string): Effect[] {
  return call.callerCandidates.map((value) => ({ type: "send", to: session, message: candidateMessage(call, value) }));
}

export function offerMerged(call: RingingCall, nowMs: Steady): Step {
  if (!call.reserved) return [call, []];
  const { offerAtMs: _due, attempting: _over, ...reserved } = call.reserved;
  const next = { ...call, reserved };
  const device = askedDevice(next, reserved.session);
  return device ? askAnew(next, device, nowMs) : [next, []];
}

/** The offer to a device whose screen had another call until now. */
export function offerWaiting(call: RingingCall, session: string, nowMs: Steady): Step {
  const device = call.offered.find((other) => other.session === session && other.standing === "waiting");
  if (!device) return [call, []];
  // A merged device gets the offer when it has been left alone for a moment.
  if (isWaitingForMerge(call, session)) return [replaceOffered(call, newlyOffered(device, false)), []];
  return askAnew(call, device, nowMs);
}

/** The offer once more, to a device that this rings on. */
export function ringAgain(call: RingingCall, session: string, nowMs: Steady): Step {
  const device = askedDevice(call, session);
  if (!device || isWaitingForMerge(call, session)) return [call, []];
  return [call, [{ type: "send", to: session, message: offerMessage(call, nowMs) }]];
}

function askAnew(call: RingingCall, device: Offered, nowMs: Steady): Step {
  const asked = newlyOffered(device, false);
  return ask(replaceOffered(call, asked), [asked], nowMs);
}
