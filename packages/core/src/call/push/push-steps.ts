import type { DeviceEndReason, EndReason } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import type { PushOutcome, PushTarget } from "../../ports/push-service.ts";
import { type Call, type Device, isRinging, type Offered } from "../call.ts";
import type { Effect } from "../input.ts";
import { isOwnSession, type PushSlot, type PushStop } from "./push-slot.ts";

/** How long a device that is connected may take to confirm an end before it is pushed to it. */
export const confirmMs = 20_000;

interface SlotRules {
  readonly caller: Device;
  readonly offered: readonly Device[];
  readonly nowMs: Steady;
  readonly pushDelayMs: number;
  /** False where this caller has had this callee pushed to too often: they are told of the missed call alone. */
  readonly mayRing: boolean;
}

/** The devices of a new call: those without a live session are pushed to at once, the others have a moment to say that they ring. */
export function newSlots(targets: readonly PushTarget[], rules: SlotRules): readonly PushSlot[] {
  const { caller, offered, nowMs, pushDelayMs, mayRing } = rules;
  return targets
    .filter((target) => target.device !== caller.device && !isOwnSession(target, caller))
    .map(({ device, token }) => {
      const target = { device, ...(token === undefined ? {} : { token }) };
      const isLive = offered.some((one) => one.lostAtMs === undefined && isOwnSession(target, one));
      return { ...target, ring: mayRing ? "due" : "none", dueAtMs: isLive ? nowMs + pushDelayMs : nowMs };
    });
}

/** When a push of this call is due next. */
export function nextPushAtMs(call: Call): Steady | undefined {
  let next: Steady | undefined;
  for (const slot of call.pushes ?? []) {
    const atMs = dueAtMs(call, slot);
    if (atMs !== undefined && (next === undefined || atMs < next)) next = atMs;
  }
  return next;
}

function dueAtMs(call: Call, { ring, dueAtMs: ringAtMs, over, stop }: PushSlot): Steady | undefined {
  if (stop) return stop.standing === "owed" && ring !== "pushing" ? stop.atMs : undefined;
  return ring === "due" && !over && isRinging(call) ? ringAtMs : undefined;
}

/** Begins what is due: each push is noted before it is made. */
export function pushDue<C extends Call>(call: C, nowMs: Steady): [C, Effect[]] {
  const effects: Effect[] = [];
  const pushes = (call.pushes ?? []).map((slot): PushSlot => {
    const atMs = dueAtMs(call, slot);
    if (atMs === undefined || atMs > nowMs) return slot;
    if (slot.stop) {
      effects.push({ type: "push", callId: call.id, kind: "stop", slot });
      return { ...slot, stop: { ...slot.stop, standing: "pushing" } };
    }
    if (call.state !== "ended" && ringsOn(slot, call.offered)) return { ...slot, ring: "none", heard: true };
    effects.push({ type: "push", callId: call.id, kind: "ring", slot });
    return { ...slot, ring: "pushing" };
  });
  return [{ ...call, pushes }, effects];
}

/** Whether a session of the device said that it rings. */
function ringsOn(slot: PushSlot, offered: readonly Offered[]): boolean {
  return offered.some((one) => one.standing === "acknowledged" && isOwnSession(slot, one));
}

interface Pushed {
  readonly kind: "ring" | "stop";
  readonly device: string;
  readonly outcome: PushOutcome;
}

/** What came of a push. Nothing of it shows to the caller. */
export function pushed<C extends Call>(call: C, { kind, device, outcome }: Pushed): C {
  return mapSlots(call, (slot) => {
    if (slot.device !== device) return slot;
    if (kind === "stop") return slot.stop?.standing === "pushing" ? { ...slot, stop: done(slot.stop) } : slot;
    if (slot.ring !== "pushing") return slot;
    const ring = outcome === "unsure" ? "sent" : outcome;
    const refused = outcome === "none" ? { refused: true as const } : {};
    if (ring === "sent" || slot.stop?.standing !== "owed") return { ...slot, ring, ...refused };
    // It did not ring: whatever is left to tell is that a call was missed.
    const isOwed = ring === "none" && slot.stop.missed && !slot.over && !slot.heard;
    return { ...slot, ring, ...refused, stop: isOwed ? slot.stop : done(slot.stop) };
  });
}

function done(stop: PushStop): PushStop {
  return { ...stop, standing: "done" };
}

interface Stopping {
  readonly reason: EndReason | DeviceEndReason;
  readonly missed: boolean;
  readonly atMs: Steady;
  /** The device that has the call, or has ended it, by a session of it or by its ticket. */
  readonly by?: Device | undefined;
  readonly bySlot?: string | undefined;
}

/** The ring is over: each device that rang by a push is owed one stop, each that knows nothing the missed call. */
export function stopped<C extends Call>(call: C, offered: readonly Offered[], stopping: Stopping): C {
  const { reason, missed, atMs, by, bySlot } = stopping;
  return mapSlots(call, (slot) => {
    if (slot.stop) return slot;
    const isOwn = slot.device === bySlot || (by !== undefined && isOwnSession(slot, by));
    const ring = slot.ring === "due" ? "none" : slot.ring;
    const over = isOwn || slot.over === true;
    const isLive = offered.some((one) => isShown(one) && isOwnSession(slot, one));
    const mayRing = ring === "sent" || ring === "pushing";
    const isOwed = !over && (mayRing || (missed && ring === "none" && !slot.heard && !ringsOn(slot, offered)));
    const stop: PushStop = {
      reason,
      missed,
      standing: isOwed ? "owed" : "done",
      atMs: isLive ? atMs + confirmMs : atMs,
    };
    return { ...slot, ring, ...(over ? { over: true } : {}), stop };
  });
}

/** Whether the end is told to it on a live socket. */
function isShown({ standing, lostAtMs }: Offered): boolean {
  return lostAtMs === undefined && (standing === "asked" || standing === "acknowledged");
}

/** What was begun when the process died is begun once more. */
export function pushesRestarted<C extends Call>(call: C, nowMs: Steady): C {
  return mapSlots(call, (slot) => {
    // Of a call that is over it is not known whether that device rings.
    const ring = slot.ring !== "pushing" ? slot.ring : slot.stop ? "sent" : "due";
    const dueAtMs = ring === slot.ring ? slot.dueAtMs : nowMs;
    const stop = slot.stop && {
      ...slot.stop,
      ...(slot.stop.standing === "pushing" ? { standing: "owed" as const } : {}),
    };
    return { ...slot, ring, dueAtMs, ...(stop ? { stop } : {}) };
  });
}

export function mapSlots<C extends Call>(call: C, change: (slot: PushSlot) => PushSlot): C {
  return call.pushes === undefined ? call : { ...call, pushes: call.pushes.map(change) };
}
