import { endRememberedMs, endsPerUserMax } from "../bounds.ts";
import type { MemoryData, StoredUser } from "./memory-data.ts";

export function rememberEnd(user: StoredUser, callId: string, nowMs: number): void {
  user.ends.delete(callId);
  user.ends.set(callId, nowMs);
  for (const oldest of user.ends.keys()) {
    if (user.ends.size <= endsPerUserMax) return;
    user.ends.delete(oldest);
  }
}

/** The tombstones of a user's last calls, newest first. */
export function endsOf(data: MemoryData, user: StoredUser, nowMs: number): string[] {
  const recent = [...user.ends].filter(([, atMs]) => nowMs - atMs <= endRememberedMs);
  return recent.reverse().flatMap(([id]) => data.calls.get(id)?.tombstone ?? []);
}
