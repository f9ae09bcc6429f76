import {
  enderOf,
  qualityLevel,
  type RunningCall,
  type StoredCall,
  type StoredSummary,
  statusOf,
  type User,
} from "@echoo/core";
import type { AdminCallBody, AdminRunningCallBody } from "@echoo/protocol";
import { shownName } from "../bodies/user-body.ts";
import { adminShortVerdict } from "../bodies/verdict-body.ts";
import { instantOf } from "../replies/instant.ts";

export type Names = ReadonlyMap<string, User>;

function party(names: Names, phone: string, device: string | undefined) {
  return { phone, displayName: shownName(names.get(phone), phone), ...(device === undefined ? {} : { device }) };
}

/** The median score of the side that fared worse; undefined where neither measured one. */
export function worstMos(summaries: readonly StoredSummary[]): number | undefined {
  const scores = summaries.flatMap(({ summary }) => summary?.mos?.p50 ?? []);
  return scores.length === 0 ? undefined : Math.min(...scores);
}

/** A call that ended as an administrator sees it. */
export function adminCallBody(call: StoredCall, names: Names, mos: number | undefined): AdminCallBody {
  const verdict = adminShortVerdict(call);
  const endedBy = call.reportedBy === undefined ? enderOf(call) : undefined;
  return {
    callId: call.callId,
    caller: party(names, call.caller, call.callerDevice),
    callee: party(names, call.callee, call.calleeDevice),
    isVideo: call.isVideo,
    startTime: instantOf(call.createdAtMs),
    ...(call.ringingAtMs === undefined ? {} : { ringingAt: instantOf(call.ringingAtMs) }),
    ...(call.answeredAtMs === undefined ? {} : { answeredAt: instantOf(call.answeredAtMs) }),
    ...(call.connectedAtMs === undefined ? {} : { connectedAt: instantOf(call.connectedAtMs) }),
    endTime: instantOf(call.endedAtMs),
    duration: call.durationSec,
    status: statusOf(call),
    endReason: call.endReason,
    ...(endedBy === undefined ? {} : { endedBy }),
    glare: call.glare,
    reconnects: call.reconnects,
    ...(mos === undefined ? {} : { mos, level: qualityLevel(mos) }),
    ...(verdict === undefined ? {} : { verdict }),
    reported: call.reportedBy !== undefined,
  };
}

/** A call under way, likewise. */
export function adminRunningBody(call: RunningCall, names: Names): AdminRunningCallBody {
  return {
    callId: call.callId,
    caller: party(names, call.caller, call.callerDevice),
    callee: party(names, call.callee, call.calleeDevice),
    isVideo: call.isVideo,
    state: call.state,
    startTime: instantOf(call.createdAtMs),
    ...(call.answeredAtMs === undefined ? {} : { answeredAt: instantOf(call.answeredAtMs) }),
    sides: call.sides.map(({ user, mos, warnings }) => ({
      role: user === call.caller ? "caller" : "callee",
      mos,
      level: qualityLevel(mos),
      warnings: [...warnings],
    })),
  };
}
