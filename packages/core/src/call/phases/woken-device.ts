import type { Steady } from "../../ports/clock.ts";
import type { RingingCall } from "../call.ts";
import type { CallInput, Sender } from "../input.ts";
import { ringingMessage, toCaller } from "../offered-devices.ts";
import { type PushSlot, slotOf } from "../push/push-slot.ts";
import { mapSlots } from "../push/push-steps.ts";
import { refuse, type Step } from "../step.ts";
import { finish } from "./finish.ts";

type InputOf<T extends CallInput["type"]> = Extract<CallInput, { type: T }>;

/** What a device says by its ticket that a push has woken, and that has no session. */
export function wokenStep(call: RingingCall, input: InputOf<"pushRinging" | "pushReject">): Step {
  return input.type === "pushRinging" ? pushRinging(call, input.device, input.nowMs) : pushReject(call, input);
}

/** Whether a push may ring on a device besides. */
export function mayRingElsewhere(call: RingingCall, isOwn: (slot: PushSlot) => boolean): boolean {
  return (
    call.pushes?.some((slot) => !slot.over && !isOwn(slot) && slot.ring !== "none" && slot.ring !== "gone") ?? false
  );
}

/** A device that was woken rings, and has no session yet. */
function pushRinging(call: RingingCall, device: string, nowMs: Steady): Step {
  const slot = slotOf(call.pushes, device);
  if (!slot) return refuse(call, "not_bound");
  if (slot.stop || slot.over) return refuse(call, "too_late", slot.stop?.reason ?? "busy");
  const next = mapSlots(call, (one) => (one === slot ? { ...one, heard: true } : one));
  if (next.state === "ringing") return [next, []];
  return [{ ...next, state: "ringing", ringingAtMs: nowMs }, [toCaller(call, ringingMessage(call))]];
}

function pushReject(call: RingingCall, { device, busy, nowMs }: InputOf<"pushReject">): Step {
  const slot = slotOf(call.pushes, device);
  if (!slot) return refuse(call, "not_bound");
  if (slot.stop || slot.over) return [call, []];
  const by: Sender = { user: call.callee, session: "", wantsAck: true };
  if (!busy) return finish(call, { reason: "declined", atMs: nowMs, by, bySlot: device });
  const others = call.offered.some(({ standing, lostAtMs }) => standing !== "stopped" && lostAtMs === undefined);
  if (!others && !mayRingElsewhere(call, (one) => one === slot)) {
    return finish(call, { reason: "busy", atMs: nowMs, by, bySlot: device });
  }
  return [mapSlots(call, (one) => (one === slot ? { ...one, over: true } : one)), []];
}
