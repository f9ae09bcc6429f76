import type { ServerFacts, StoredCall, StoredVerdict } from "@echoo/core";
import type { SqlValue } from "../../sqlite/query.ts";
import { flag, orNull, present } from "../row-values.ts";

/** A row of `calls`. */
export interface CallRow {
  readonly call_id: string;
  readonly caller: string;
  readonly callee: string;
  readonly is_video: number;
  readonly created_at_ms: number;
  readonly ringing_at_ms: number | null;
  readonly answered_at_ms: number | null;
  readonly connected_at_ms: number | null;
  readonly ended_at_ms: number;
  readonly end_reason: StoredCall["endReason"];
  readonly ended_by: string | null;
  readonly caller_device: string | null;
  readonly callee_device: string | null;
  readonly glare: number;
  readonly reconnects: number;
  readonly duration_sec: number;
  readonly caller_only: number;
  readonly reported_by: string | null;
  readonly shared_report: number;
  readonly server: string | null;
  readonly verdict: string | null;
}

/** The columns that a record fills, in the order of `callValues`. */
export const callColumns = `call_id, caller, callee, is_video, created_at_ms, ringing_at_ms, answered_at_ms,
  connected_at_ms, ended_at_ms, end_reason, ended_by, caller_device, callee_device, glare, reconnects, duration_sec,
  caller_only, reported_by, shared_report, server, verdict, verdict_code`;

export function callValues(call: StoredCall): SqlValue[] {
  return [
    call.callId,
    call.caller,
    call.callee,
    flag(call.isVideo),
    call.createdAtMs,
    orNull(call.ringingAtMs),
    orNull(call.answeredAtMs),
    orNull(call.connectedAtMs),
    call.endedAtMs,
    call.endReason,
    orNull(call.endedBy),
    orNull(call.callerDevice),
    orNull(call.calleeDevice),
    flag(call.glare),
    call.reconnects,
    call.durationSec,
    flag(call.callerOnly ?? false),
    call.reportedBy === undefined ? null : JSON.stringify(call.reportedBy),
    flag(call.sharedReport ?? false),
    call.server === undefined ? null : JSON.stringify(call.server),
    call.verdict === undefined ? null : JSON.stringify(call.verdict),
    call.verdict?.operator.code ?? null,
  ];
}

export function toStoredCall(row: CallRow): StoredCall {
  return {
    callId: row.call_id,
    caller: row.caller,
    callee: row.callee,
    isVideo: row.is_video === 1,
    createdAtMs: row.created_at_ms,
    ...present("ringingAtMs", row.ringing_at_ms),
    ...present("answeredAtMs", row.answered_at_ms),
    ...present("connectedAtMs", row.connected_at_ms),
    endedAtMs: row.ended_at_ms,
    endReason: row.end_reason,
    ...present("endedBy", row.ended_by),
    ...present("callerDevice", row.caller_device),
    ...present("calleeDevice", row.callee_device),
    glare: row.glare === 1,
    reconnects: row.reconnects,
    durationSec: row.duration_sec,
    ...(row.caller_only === 1 ? { callerOnly: true as const } : {}),
    ...(row.reported_by === null ? {} : { reportedBy: JSON.parse(row.reported_by) as string[] }),
    ...(row.shared_report === 1 ? { sharedReport: true } : {}),
    ...(row.server === null ? {} : { server: JSON.parse(row.server) as ServerFacts }),
    ...(row.verdict === null ? {} : { verdict: JSON.parse(row.verdict) as StoredVerdict }),
  };
}
