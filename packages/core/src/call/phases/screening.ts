import type { Steady } from "../../ports/clock.ts";
import type { RingingCall } from "../call.ts";
import type { CalleeFacts } from "../callee-facts.ts";
import type { Deadlines } from "../deadlines.ts";
import type { CallInput } from "../input.ts";
import { newlyOffered } from "../offered-devices.ts";
import { isOwnSession } from "../push/push-slot.ts";
import { newSlots } from "../push/push-steps.ts";
import type { Step } from "../step.ts";
import { ask } from "./asking.ts";
import { finish } from "./finish.ts";

type ImmediateEnd =
  | { readonly reason: "unreachable" | "busy"; readonly calleeUnknown?: true }
  | { readonly reason: "do_not_disturb"; readonly toldCaller: "unreachable" };

/**
 * How a call ends at once that nothing can ring for. With devices to push to, no caller can tell a phone that is off
 * from one whose owner blocked them, or does not want to be disturbed: all of them ring to their end.
 */
export function immediateEnd(callee: CalleeFacts, calleeLive: boolean): ImmediateEnd | undefined {
  const hasPush = callee.push.length > 0;
  if (callee.isKnown === "reading") return undefined;
  // A callee whose wishes cannot be read is not rung.
  if (!callee.isKnown) return { reason: "unreachable", calleeUnknown: true };
  // A blocked caller is told what a caller of an offline user is told.
  if (callee.blockedCaller) return hasPush ? undefined : { reason: "unreachable" };
  if (callee.doNotDisturb) return hasPush ? undefined : { reason: "do_not_disturb", toldCaller: "unreachable" };
  if (calleeLive) return { reason: "busy" };
  return callee.devices.length === 0 && !hasPush ? { reason: "unreachable" } : undefined;
}

type Reach = Pick<RingingCall, "offered" | "shadow" | "quiet" | "unscreened" | "pushes">;

/** Whom a new call reaches. */
export function reachOf(
  callee: CalleeFacts,
  call: Pick<RingingCall, "callerLeg">,
  isTaken: (session: string) => boolean,
  nowMs: Steady,
  limits: Deadlines,
): Reach {
  const { devices, push } = callee;
  if (callee.isKnown === "reading") return { offered: [], unscreened: true };
  if (callee.blockedCaller) return { offered: [], shadow: true };
  if (callee.doNotDisturb) return { offered: [], quiet: true };
  const offered = devices.map((other) => newlyOffered(other, isTaken(other.session)));
  if (push.length === 0) return { offered };
  const { mayRing } = callee;
  const rules = { caller: call.callerLeg, offered: devices, nowMs, pushDelayMs: limits.pushDelayMs, mayRing };
  return { offered, pushes: newSlots(push, rules) };
}

/** A call that ends at once: of devices that are connected, whose sockets tell of it, none is pushed to besides. */
export function withoutLive(call: RingingCall, { devices }: CalleeFacts): RingingCall {
  if (!call.pushes) return call;
  const live = devices.filter(({ lostAtMs, can }) => lostAtMs === undefined && can.namesCalls);
  return { ...call, pushes: call.pushes.filter((slot) => !live.some((device) => isOwnSession(slot, device))) };
}

/** What the callee wants is known now: the call goes on as it would have begun. */
export function screened(
  call: RingingCall,
  { callee, calleeLive, taken, nowMs }: Extract<CallInput, { type: "screened" }>,
  limits: Deadlines,
): Step {
  if (!call.unscreened) return [call, []];
  const { unscreened: _over, ...rest } = call;
  const next = { ...rest, ...reachOf(callee, call, (session) => taken.has(session), nowMs, limits) };
  const end = immediateEnd(callee, calleeLive);
  // No device of the callee was asked, so none is told.
  if (end) return finish({ ...withoutLive(next, callee), offered: [] }, { atMs: nowMs, ...end });
  return ask(next, next.offered, nowMs);
}
