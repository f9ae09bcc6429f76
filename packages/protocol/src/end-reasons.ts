import { type DeviceEndReason, deviceEndSentences, type EndReason, endSentences } from "./browser/end-sentences.ts";

/** How the history of the API words an ended call. */
export type CallStatus = "completed" | "failed" | "rejected" | "missed";

interface EndReasonRow {
  readonly status: CallStatus;
  /** Whether the call had been answered: "either" where both occur. */
  readonly answered: "yes" | "no" | "either";
  /** Counts as a missed call for the callee. */
  readonly missed: boolean;
  /** What a person is told. */
  readonly sentence: string;
}

/**
 * The one vocabulary of why a call ended: WebSocket, REST, records, metrics and the pages all use it.
 * Rows are never reused for another meaning.
 */
export const endReasons = {
  hangup: { status: "completed", answered: "yes", missed: false, sentence: endSentences.hangup },
  connection_lost: { status: "completed", answered: "yes", missed: false, sentence: endSentences.connection_lost },
  server_restart: { status: "completed", answered: "yes", missed: false, sentence: endSentences.server_restart },
  max_duration: { status: "completed", answered: "yes", missed: false, sentence: endSentences.max_duration },
  superseded: { status: "completed", answered: "either", missed: false, sentence: endSentences.superseded },
  admin_ended: { status: "completed", answered: "either", missed: false, sentence: endSentences.admin_ended },
  connect_failed: { status: "failed", answered: "yes", missed: false, sentence: endSentences.connect_failed },
  declined: { status: "rejected", answered: "no", missed: false, sentence: endSentences.declined },
  cancelled: { status: "missed", answered: "no", missed: true, sentence: endSentences.cancelled },
  no_answer: { status: "missed", answered: "no", missed: true, sentence: endSentences.no_answer },
  unreachable: { status: "missed", answered: "no", missed: true, sentence: endSentences.unreachable },
  busy: { status: "missed", answered: "no", missed: true, sentence: endSentences.busy },
  do_not_disturb: { status: "missed", answered: "no", missed: true, sentence: endSentences.do_not_disturb },
} as const satisfies Record<EndReason, EndReasonRow>;

export const endReasonCodes = Object.keys(endReasons) as [EndReason, ...EndReason[]];

/** Why one device stops ringing while the call goes on, or was turned down, elsewhere. */
export const deviceEndReasons = {
  answered_elsewhere: { sentence: deviceEndSentences.answered_elsewhere },
  declined_elsewhere: { sentence: deviceEndSentences.declined_elsewhere },
} as const satisfies Record<DeviceEndReason, Pick<EndReasonRow, "sentence">>;

export const deviceEndReasonCodes = Object.keys(deviceEndReasons) as [DeviceEndReason, ...DeviceEndReason[]];

/** A reason's status: the two that occur before and after the answer count as missed before it. */
export function callStatus(reason: EndReason, answered: boolean): CallStatus {
  const row = endReasons[reason];
  return row.answered === "either" && !answered ? "missed" : row.status;
}

/** Whether the callee missed the call. */
export function countsAsMissed(reason: EndReason, answered: boolean): boolean {
  return callStatus(reason, answered) === "missed";
}
