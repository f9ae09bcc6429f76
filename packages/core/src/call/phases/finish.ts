import {
  countsAsMissed,
  type DeviceEndReason,
  type EndReason,
  type ServerMessage,
  type ServerMessageByType,
} from "@echoo/protocol";
import type { Instant, Steady } from "../../ports/clock.ts";
import {
  type AnsweredCall,
  type Call,
  type Device,
  type FinishedCall,
  type FinishedDevice,
  isAnswered,
  type Offered,
  peerOf,
  type RingingCall,
  type UnfinishedCall,
} from "../call.ts";
import { type Ender, endedByTo, enderOf } from "../ended-by.ts";
import type { Effect, Sender } from "../input.ts";
import { stopped } from "../push/push-steps.ts";
import type { CallRecord } from "../record.ts";

type Outcome = [FinishedCall, Effect[]];
type EndMessage = ServerMessageByType<"busy" | "reject" | "hangup">;

interface Ending {
  readonly reason: EndReason;
  readonly atMs: Steady;
  /** The party's device that ended it, where one did. */
  readonly by?: Sender;
  /** The user whose doing it was, where no message said so. */
  readonly endedBy?: string;
  /** What the caller is told, where that is not the reason itself. */
  readonly toldCaller?: EndReason;
  /** Nothing is known of the callee, who is away. */
  readonly calleeUnknown?: true;
  /** A device that must not be told: it has just dialled, and cannot tell calls apart. */
  readonly spare?: string;
  /** The callee's device that ended it by its ticket. */
  readonly bySlot?: string;
}

/** The part of an ending that names a device which must not be told. */
export function spared(session: string | undefined): Pick<Ending, "spare"> {
  return session === undefined ? {} : { spare: session };
}

/** Ends a call once: one record, and exactly one end for every device that took part. */
export function finish(call: UnfinishedCall, ending: Ending): Outcome {
  const told = isAnswered(call) ? answeredEnds(call, ending) : ringingEnds(call, ending);
  const record = recordOf(call, ending);
  const ender = enderOf(record);
  const effects: Effect[] = [];
  for (const end of told) {
    if (end.silent) continue;
    effects.push({ type: "send", to: end.device.session, message: endMessage(call, end, ender, ending.atMs) });
  }
  effects.push({ type: "record", record });
  const finished = finishedCall(call, ending, told, ender);
  return [call.pushes === undefined ? finished : withStops(finished, call, ending), effects];
}

/** The devices that a push woke, or would have: what each is told of the end. */
function withStops(finished: FinishedCall, call: UnfinishedCall, ending: Ending): FinishedCall {
  const { reason, atMs, by, bySlot } = ending;
  const answered = isAnswered(call);
  return stopped({ ...finished, ...(call.pushes ? { pushes: call.pushes } : {}) }, call.offered, {
    reason: reason === "declined" ? "declined_elsewhere" : reason,
    missed: countsAsMissed(reason, answered) && !finished.callerOnly,
    atMs,
    by: by && call.offered.find(({ session }) => session === by.session),
    bySlot,
  });
}

interface End {
  readonly user: string;
  readonly device: Device;
  readonly reason: EndReason | DeviceEndReason;
  readonly silent: boolean;
}

function answeredEnds(call: AnsweredCall, ending: Ending): End[] {
  return [
    { user: call.caller, device: call.callerLeg, reason: ending.reason, silent: isSilent(call.callerLeg, ending) },
    { user: call.callee, device: call.calleeLeg, reason: ending.reason, silent: isSilent(call.calleeLeg, ending) },
    ...call.offered
      .filter((device) => device.session !== call.calleeLeg.session)
      .map((device): End => ({ user: call.callee, device, reason: "answered_elsewhere", silent: true })),
  ];
}

function ringingEnds(call: RingingCall, ending: Ending): End[] {
  const caller: End = {
    user: call.caller,
    device: call.callerLeg,
    reason: ending.toldCaller ?? ending.reason,
    silent: isSilent(call.callerLeg, ending),
  };
  // A device that waits for the offer knows nothing of the call.
  const asked = call.offered.filter(({ standing }) => standing !== "waiting");
  return [caller, ...asked.map((device) => calleeEnd(call, device, ending))];
}

function calleeEnd(call: RingingCall, device: Offered, ending: Ending): End {
  const isEnder = ending.by?.session === device.session;
  const reason = ending.reason === "declined" && !isEnder ? "declined_elsewhere" : ending.reason;
  // A reserved device that has not been offered the standing call yet has nothing to close.
  const unasked = call.reserved?.session === device.session && call.reserved.offerAtMs !== undefined;
  const silent = device.standing === "stopped" || unasked || isSilent(device, ending);
  return { user: call.callee, device, reason, silent };
}

function isSilent(device: Device, ending: Ending): boolean {
  if (device.session === ending.spare) return true;
  if (ending.by?.session !== device.session) return false;
  // The device that ended it is acknowledged instead if it asked for that; one that cannot name its calls
  // would take the echo for the end of a newer one.
  return ending.by.wantsAck || !device.can.namesCalls;
}

/** The one message by which a device learns that a call is over for it. */
function endMessage(call: UnfinishedCall, { user, reason }: End, ender: Ender | undefined, atMs: Steady): EndMessage {
  const message = {
    ...plainEndMessage(call, user, reason),
    ...endedByTo(user, { caller: call.caller, ender }, reason),
  };
  return message.type === "hangup" ? { ...message, ...talked(call, atMs) } : message;
}

/** The same for a call that ended a while ago, as a client of the older wire is told. */
export function plainEndMessage(
  call: Pick<Call, "id" | "caller" | "callee">,
  user: string,
  reason: EndReason | DeviceEndReason,
): EndMessage {
  const parties = { callId: call.id, from: peerOf(call, user), to: user };
  switch (reason) {
    case "busy":
      return { type: "busy", ...parties, reason };
    case "declined":
    case "no_answer":
    case "unreachable":
    case "do_not_disturb":
      return { type: "reject", ...parties, reason };
    default:
      return { type: "hangup", ...parties, reason };
  }
}

/** Tells a callee device that it is to ring no more, as when another device of its user answered or declined. */
export function stopMessage(call: UnfinishedCall, reason: DeviceEndReason): ServerMessage {
  return { type: "hangup", callId: call.id, from: call.caller, to: call.callee, reason, endedBy: "you" };
}

function talked(call: UnfinishedCall, atMs: Steady): { durationMs?: number } {
  return isAnswered(call) ? { durationMs: Math.max(0, atMs - call.answeredAtMs) } : {};
}

function recordOf(call: UnfinishedCall, ending: Ending): CallRecord {
  const answered = isAnswered(call);
  // Told from the creation on by what went by since, so that no clock that was set contradicts a length.
  const instant = (atMs: Steady): Instant => call.createdAtMs + Math.max(0, atMs - call.placedAtMs);
  const endedAtMs: Steady = Math.max(ending.atMs, answered ? call.answeredAtMs : call.placedAtMs);
  const endedBy = ending.by?.user ?? ending.endedBy;
  return {
    callId: call.id,
    caller: call.caller,
    callee: call.callee,
    isVideo: call.isVideo,
    createdAtMs: call.createdAtMs,
    ...(call.ringingAtMs === undefined ? {} : { ringingAtMs: instant(call.ringingAtMs) }),
    ...(answered ? { answeredAtMs: instant(call.answeredAtMs) } : {}),
    ...(answered && call.connectedAtMs !== undefined ? { connectedAtMs: instant(call.connectedAtMs) } : {}),
    endedAtMs: instant(endedAtMs),
    endReason: ending.reason,
    ...(endedBy === undefined ? {} : { endedBy }),
    callerDevice: call.callerLeg.device,
    ...(answered ? { calleeDevice: call.calleeLeg.device } : {}),
    glare: call.glare,
    reconnects: call.reconnects,
    durationSec: answered ? Math.floor((endedAtMs - call.answeredAtMs) / 1000) : 0,
    ...(!answered && call.shadow ? { callerOnly: true } : {}),
    ...(isCalleeUnknown(call, ending) ? { calleeUnknown: true } : {}),
    ...serverKnew(call),
  };
}

/** What the machine itself knows of what its verdict needs; the engine adds the rest. */
function serverKnew({ relayOnly, pushes }: UnfinishedCall): Pick<CallRecord, "server"> {
  const tried = pushes?.filter(
    ({ ring, refused }) => ring === "sent" || ring === "pushing" || ring === "gone" || refused,
  );
  const failed = tried?.filter(({ ring, refused }) => ring === "gone" || refused);
  const pushed = tried && failed && tried.length > 0 ? { pushes: { tried: tried.length, failed: failed.length } } : {};
  const server = { ...(relayOnly ? { relayOnly } : {}), ...pushed };
  return Object.keys(server).length === 0 ? {} : { server };
}

/** It ended before it was known what the callee wants. */
function isCalleeUnknown(call: UnfinishedCall, ending: Ending): boolean {
  return ending.calleeUnknown === true || (!isAnswered(call) && call.unscreened === true);
}

function finishedCall(
  call: UnfinishedCall,
  ending: Ending,
  ends: readonly End[],
  ender: Ender | undefined,
): FinishedCall {
  return {
    state: "ended",
    id: call.id,
    aliases: call.aliases,
    caller: call.caller,
    callee: call.callee,
    isVideo: call.isVideo,
    endReason: ending.reason,
    ...(ender === undefined ? {} : { ender }),
    createdAtMs: call.createdAtMs,
    endedAtMs: ending.atMs,
    answered: isAnswered(call),
    // A callee of whom nothing is known may have blocked the caller, and hears of the call from history if at all.
    callerOnly: !isAnswered(call) && (call.shadow === true || isCalleeUnknown(call, ending)),
    devices: ends.map((end): FinishedDevice => {
      const { user, device, reason } = end;
      return {
        user,
        device: device.device,
        session: device.session,
        reason,
        ...(isUntold(end) ? { untold: true } : {}),
      };
    }),
  };
}

/** A device of a token has its sessions, and calls[], to learn from. */
function isUntold({ device, silent }: End): boolean {
  return !silent && !device.can.resumes && device.token === undefined && device.lostAtMs !== undefined;
}

/** What a party is told about why its call ended; a device that lost it has a reason of its own. */
export function reasonTold(call: FinishedCall, sender: Pick<Sender, "user" | "session">): EndReason | DeviceEndReason {
  const own = call.devices.find((device) => device.session === sender.session);
  if (own) return own.reason;
  return call.endReason === "do_not_disturb" && sender.user === call.caller ? "unreachable" : call.endReason;
}
