import type { JoinReply, Place, UserPresence, WaitingRecord } from "@echoo/core";
import { nodeOf } from "../node-of.ts";
import type { MemoryData, StoredUser } from "./memory-data.ts";
import { endsOf } from "./memory-ends.ts";
import { placeOf } from "./memory-locks.ts";

/** How users look to all nodes, in one order of looks. */
export function lookAt(data: MemoryData, users: readonly string[]): readonly UserPresence[] {
  data.looks += 1;
  return users.map((user) => {
    const known = data.users.get(user);
    const nodes = [...(known?.sessions.keys() ?? [])].map(nodeOf).filter((node) => data.nodes.has(node));
    return { user, nodes: [...new Set(nodes)].sort(), inCall: known?.live !== undefined, at: data.looks };
  });
}

/** Records that have waited since then or longer, oldest first. */
export function waitingSince(data: MemoryData, sinceMs: number): readonly WaitingRecord[] {
  const old = data.records.after("0-0").filter(({ id }) => Number(id.split("-")[0]) <= sinceMs);
  return old.map(({ id, text }) => ({ id, record: text }));
}

/** Where a call is that has not been lost. */
export function placeIn(data: MemoryData, callId: string): Place | undefined {
  const call = data.calls.get(callId);
  return call && placeOf(callId, call);
}

/** What a session is told of its user's calls. */
export function joined(data: MemoryData, user: StoredUser, nowMs: number): JoinReply {
  const live = user.live === undefined ? {} : { live: placeIn(data, user.live) ?? { callId: user.live } };
  const rings = [...user.rings].sort().flatMap((id) => placeIn(data, id) ?? []);
  return { code: "ok", join: user.joins, ...live, rings, ends: endsOf(data, user, nowMs) };
}
