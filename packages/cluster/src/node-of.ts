import type { NodeId } from "@echoo/core";

/** The node that has a session: its id begins with it. */
export function nodeOf(session: string): NodeId {
  const dot = session.indexOf(".");
  return dot === -1 ? "" : session.slice(0, dot);
}
