import type { SessionEntry } from "../../ports/cluster/scripts.ts";
import type { Session } from "../sessions/session.ts";

/** A session as the other nodes know it: its device, without what only its own node knows. */
export function entryOf(session: Session): SessionEntry {
  const { session: id, lostAtMs: _lost, ...device } = session.asDevice();
  return { user: session.user, session: id, entry: JSON.stringify(device) };
}
