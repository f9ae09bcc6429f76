import type { Clock, EndedCall, Ids } from "@echoo/core";
import { type BodyOf, type CallStatus, callStatus, type EndReason, Refusal } from "@echoo/protocol";
import { parseUserId, type UserIdDeps } from "./acting-user.ts";
import { invalid } from "./request-context.ts";

/** How a client's status is worded as an end reason where it gives none. */
const usualReason: Readonly<Record<CallStatus, EndReason>> = {
  completed: "hangup",
  failed: "connect_failed",
  rejected: "declined",
  missed: "no_answer",
};

/** Clocks of telephones are off by minutes, not by hours; a record from the future would head every history. */
const clockSkewMs = 5 * 60_000;

export interface PostedCallDeps extends UserIdDeps {
  readonly ids: Pick<Ids, "callId">;
  readonly clock: Pick<Clock, "now">;
}

/** The record that a client's words come to. Refuses what contradicts itself. */
export function endedCallOf(deps: PostedCallDeps, posted: BodyOf<"saveCall">): EndedCall {
  const nowMs = deps.clock.now();
  const caller = parseUserId(deps, "caller", posted.caller);
  const callee = parseUserId(deps, "callee", posted.callee);
  if (caller === callee) throw new Refusal("self_call");
  const answered = posted.status === "completed" || posted.status === "failed";
  const endReason = posted.endReason ?? usualReason[posted.status];
  if (callStatus(endReason, answered) !== posted.status) {
    throw invalid("endReason", `not one of a call whose status is ${posted.status}`);
  }
  const durationSec = answered ? posted.duration : 0;
  const times = timesOf(posted, answered, durationSec);
  if (times.createdAtMs > nowMs + clockSkewMs) throw invalid("startTime", "lies in the future");
  return {
    callId: posted.callId ?? deps.ids.callId(),
    caller,
    callee,
    isVideo: posted.isVideo,
    ...times,
    endReason,
    glare: false,
    reconnects: 0,
    durationSec,
  };
}

type Times = Pick<EndedCall, "createdAtMs" | "answeredAtMs" | "endedAtMs">;

function timesOf(posted: BodyOf<"saveCall">, answered: boolean, durationSec: number): Times {
  const createdAtMs = posted.startTime;
  const answeredAtMs = answered ? (posted.answeredAt ?? createdAtMs) : undefined;
  const endedAtMs = posted.endTime ?? (answeredAtMs ?? createdAtMs) + durationSec * 1000;
  if (endedAtMs < (answeredAtMs ?? createdAtMs)) throw invalid("endTime", "lies before the call's beginning");
  if ((answeredAtMs ?? createdAtMs) < createdAtMs) throw invalid("answeredAt", "lies before the call's beginning");
  return { createdAtMs, ...(answeredAtMs === undefined ? {} : { answeredAtMs }), endedAtMs };
}
