import type { Leg } from "./call.ts";
import type { CallInput, Effect } from "./input.ts";

/** Sessions before the present one that a leg remembers; with one more, the oldest is forgotten. */
export const formerSessionsMax = 6;

type Rebound = Extract<CallInput, { type: "rebound" }>;

/**
 * Whether a join takes this leg over. A session that once had it is good for that while the leg is away, or for a later
 * join than the one that has it now: a join that came to nothing must not keep a client out, nor an old one throw out
 * the client that has the leg.
 */
export function isTakenOver(leg: Leg, { from, to, joinNumber = 0 }: Rebound): boolean {
  if (leg.device !== to.device) return false;
  if (leg.session === from) return true;
  const isLater = leg.lostAtMs !== undefined || joinNumber > (leg.joinNumber ?? 0);
  return isLater && isFormer(leg, from);
}

export function takenOver(leg: Leg, { from, to, joinNumber }: Rebound): Leg {
  const { lostAtMs: _there, ...kept } = leg;
  const number = joinNumber === undefined ? {} : { joinNumber };
  return { ...kept, ...to, ...number, formerSessions: formerOf(leg, to.session, [from, leg.session]) };
}

/** The session that has lost its leg is over, also where its client holds on to it: one device has one leg. */
export function replaced(leg: Leg, { to }: Rebound, callId: string): Effect[] {
  return leg.session === to.session ? [] : [{ type: "replaced", session: leg.session, callId }];
}

/** Whether a session that is there after all takes its leg back: from a join that took it and came to nothing. */
export function isRegained(leg: Leg, session: string): boolean {
  return leg.lostAtMs !== undefined && isFormer(leg, session);
}

export function regained(leg: Leg, session: string): Leg {
  return { ...leg, session, formerSessions: formerOf(leg, session, [leg.session]) };
}

function isFormer(leg: Leg, session: string): boolean {
  return leg.formerSessions?.includes(session) ?? false;
}

function formerOf(leg: Leg, session: string, newest: readonly string[]): readonly string[] {
  const all = new Set([...newest, ...(leg.formerSessions ?? [])]);
  all.delete(session);
  return [...all].slice(0, formerSessionsMax);
}
