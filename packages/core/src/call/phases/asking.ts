import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import type { Device, Offered, Reservation, RingingCall } from "../call.ts";
import type { Effect } from "../input.ts";
import {
  askedDevice,
  askedDevices,
  candidateMessage,
  replaceOffered,
  ringingMessage,
  ringsUnresumed,
  toCaller,
} from "../offered-devices.ts";
import { relayPolicy } from "../relay-only.ts";

type Step = [RingingCall, Effect[]];

/** Sends the offer to these devices. Those that cannot acknowledge it do so by getting it. */
export function ask(call: RingingCall, devices: readonly Offered[], nowMs: Steady): Step {
  const effects: Effect[] = [];
  let next = call;
  for (const device of devices) {
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

export function online(call: RingingCall, device: Device, nowMs: Steady): Step {
  if (call.offered.some((other) => other.session === device.session) || !isAskable(call, device)) return [call, []];
  const asked: Offered = { ...device, standing: "asked", held: [] };
  // An earlier session of that device may still come back, and must learn how this ends; without resume it cannot.
  const others = call.offered.filter((other) => other.device !== device.device || !ringsUnresumed(other));
  const offered = [...others, asked];
  const reserved = call.reserved && { reserved: reservedFor(call.reserved, device.session) };
  const next = { ...call, offered, ...reserved };
  // A merged device that must be left alone for a moment gets the offer when that is over.
  return call.reserved?.offerAtMs === undefined ? ask(next, [asked], nowMs) : [next, []];
}

/** Whether a device that comes online now is asked: not one that was told to stop, nor another than a reserved one. */
export function isAskable(call: RingingCall, device: Pick<Device, "device">): boolean {
  if (call.shadow || (call.reserved && call.reserved.device !== device.device)) return false;
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
  return device ? ask(next, [device], nowMs) : [next, []];
}

export function pushed(call: RingingCall): Step {
  if (!call.push) return [call, []];
  const unheard = call.offered.length === 0 || askedDevices(call).some((device) => device.standing === "asked");
  const effects: Effect[] = unheard ? [{ type: "push", callId: call.id, user: call.callee }] : [];
  return [{ ...call, push: { ...call.push, done: true } }, effects];
}
