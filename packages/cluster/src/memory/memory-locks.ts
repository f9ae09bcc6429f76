import type { CallFacts, Place, SessionEntry } from "@echoo/core";
import { nodeOf } from "../node-of.ts";
import type { MemoryData, StoredCall, StoredUser } from "./memory-data.ts";

export function placeOf(callId: string, { home, gen }: StoredCall): Place {
  return { callId, home, gen };
}

/** Whether a call is an unanswered one of the first of them to the other. */
export function rings({ facts, tombstone }: StoredCall, caller: string, callee: string): boolean {
  const isPair = facts.caller === caller && facts.callee === callee;
  return isPair && facts.state === "ringing" && tombstone === undefined;
}

/** The session of a user's side that is away from an answered call. */
export function awaySession({ facts }: StoredCall, user: string): string | undefined {
  if (facts.state !== "answered") return undefined;
  return facts.caller === user ? facts.callerAway : facts.calleeAway;
}

/** The sessions of a user on living nodes. */
export function devicesOf(data: MemoryData, name: string, user: StoredUser): SessionEntry[] {
  return [...user.sessions]
    .filter(([session]) => data.nodes.has(nodeOf(session)))
    .map(([session, entry]) => ({ user: name, session, entry }))
    .sort((a, b) => (a.session < b.session ? -1 : 1));
}

/** Frees what names this call, and nothing else. */
export function release(data: MemoryData, callId: string, call: StoredCall): void {
  for (const name of [call.facts.caller, call.facts.callee]) {
    const user = data.user(name);
    if (user.live === callId) user.live = undefined;
    user.rings.delete(callId);
  }
  data.letGo(call.home, callId);
}

/** Whether another call has a lock that this one needs. */
export function isInTheWay(
  data: MemoryData,
  callId: string,
  facts: CallFacts,
  caller: StoredUser,
  callee: StoredUser,
): boolean {
  const isOther = (live: string | undefined) => live !== undefined && live !== callId;
  if (isOther(caller.live)) return true;
  if (facts.state === "answered") return isOther(callee.live);
  // They have dialled the other way round meanwhile.
  const live = data.calls.get(callee.live ?? "");
  return live !== undefined && rings(live, facts.callee, facts.caller);
}
