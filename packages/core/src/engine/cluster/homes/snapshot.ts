import { type Call, type FinishedCall, isAnswered, type UnfinishedCall } from "../../../call/call.ts";
import { readBody } from "../../../journal/read-body.ts";
import type { CallFacts, NodeId } from "../../../ports/cluster/scripts.ts";

/** The node that has a session: its id begins with it. */
export function nodeOfSession(session: string): NodeId {
  const dot = session.indexOf(".");
  return dot === -1 ? "" : session.slice(0, dot);
}

/** The sessions that take part in a call. */
export function sessionsIn(call: UnfinishedCall): string[] {
  if (isAnswered(call)) return [call.callerLeg.session, call.calleeLeg.session];
  return [call.callerLeg.session, ...call.offered.map(({ session }) => session)];
}

export function factsOf(call: UnfinishedCall): CallFacts {
  const away = isAnswered(call)
    ? {
        ...(call.callerLeg.lostAtMs === undefined ? {} : { callerAway: call.callerLeg.session }),
        ...(call.calleeLeg.lostAtMs === undefined ? {} : { calleeAway: call.calleeLeg.session }),
      }
    : {};
  return {
    caller: call.caller,
    callee: call.callee,
    state: isAnswered(call) ? "answered" : "ringing",
    ...away,
    nodes: [...new Set(sessionsIn(call).map(nodeOfSession))],
  };
}

/** What the store needs of a call that is over: it is not looked at. */
export function endedFacts({ caller, callee, answered }: FinishedCall): CallFacts {
  return { caller, callee, state: answered ? "answered" : "ringing", nodes: [] };
}

const parts = ["offer", "answer", "callerCandidates", "calleeCandidates"] as const;

/**
 * The snapshot of a call, by parts: descriptions and candidates, which are most of it, and the rest. With the state
 * that the store has, only the parts that changed; states are never changed in place, so the same value is the same.
 */
export function snapshotOf(call: UnfinishedCall, stored?: Call): Record<string, string> {
  const was = (stored?.state === "ended" ? undefined : stored) as Partial<Record<string, unknown>> | undefined;
  const fields: Record<string, string> = {};
  const head: Record<string, unknown> = { ...call };
  for (const part of parts) {
    delete head[part];
    const value = (call as { readonly [P in (typeof parts)[number]]?: unknown })[part];
    if (value !== undefined && value !== was?.[part]) fields[part] = JSON.stringify(value);
  }
  return { ...fields, head: JSON.stringify(head) };
}

/** The call of a snapshot. Throws `UnusableBody` where it is none that this program understands. */
export function callOfSnapshot({ head = "{}", ...fields }: Readonly<Record<string, string>>): UnfinishedCall {
  const rest = Object.entries(fields).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  const body = rest.length === 0 ? head : `${head.slice(0, -1)},${rest.join(",")}}`;
  return readBody("live", body);
}
