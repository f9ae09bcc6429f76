import type { ServerMessage } from "@echoo/protocol";
import type { Offered, RingingCall } from "../call.ts";
import type { Deadlines } from "../deadlines.ts";
import type { CallInput, Effect } from "../input.ts";
import { stopOthers } from "../offered-devices.ts";
import { stopped } from "../push/push-steps.ts";
import { relayPolicy } from "../relay-only.ts";

type MergeInput = Extract<CallInput, { type: "merge" }>;

export function merge(call: RingingCall, input: MergeInput, limits: Deadlines): [RingingCall, Effect[]] {
  const { dialler, attempt, nowMs } = input;
  const aliases = [...call.aliases, attempt];
  const known = call.offered.find((device) => device.session === dialler.session);
  const second: Offered = { ...dialler, standing: "acknowledged", held: [] };
  const offered = [
    ...call.offered
      .filter((device) => device !== known)
      .map((device): Offered => ({ ...device, standing: "stopped", held: [] })),
    second,
  ];
  const reserved = { device: dialler.device, session: dialler.session, attempting: true } as const;
  const stopping = { reason: "answered_elsewhere", missed: false, atMs: nowMs, by: dialler } as const;
  const { quiet: _quiet, ...rung } = stopped(call, call.offered, stopping);
  const merged: RingingCall = { ...rung, glare: true, aliases, offered, reserved };
  const effects = stopOthers(call, dialler.session, "answered_elsewhere");
  if (dialler.can.answersMerged) {
    effects.unshift({ type: "send", to: dialler.session, message: mergedMessage(call, input) });
    return [merged, effects];
  }
  // Its attempt never became a call, and so has no id that a client could look up.
  const ended: ServerMessage = {
    type: "hangup",
    callId: "",
    from: call.caller,
    to: call.callee,
    reason: "superseded",
  };
  effects.unshift({ type: "send", to: dialler.session, message: ended });
  return [{ ...merged, reserved: { ...reserved, offerAtMs: nowMs + limits.mergedOfferDelayMs } }, effects];
}

/** Tells the second dialler that the other side's call stands, with all that it needs to answer it. */
export function mergedMessage(call: RingingCall, input: Omit<MergeInput, "type" | "dialler">): ServerMessage {
  return {
    type: "calling",
    callId: call.id,
    to: call.caller,
    expiresInMs: Math.max(0, call.expiresAtMs - input.nowMs),
    ...(input.id === undefined ? {} : { id: input.id }),
    ...(input.proposed ? { replaces: input.attempt } : {}),
    sdp: call.offer.sdp,
    ...relayPolicy(call),
    candidates: [...call.callerCandidates],
  };
}
