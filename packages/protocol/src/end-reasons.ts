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
  hangup: { status: "completed", answered: "yes", missed: false, sentence: "The call was hung up." },
  connection_lost: {
    status: "completed",
    answered: "yes",
    missed: false,
    sentence: "The connection to the other side was lost.",
  },
  server_restart: {
    status: "completed",
    answered: "yes",
    missed: false,
    sentence: "The server restarted and the call could not be resumed.",
  },
  max_duration: {
    status: "completed",
    answered: "yes",
    missed: false,
    sentence: "The call reached the longest time allowed.",
  },
  superseded: { status: "completed", answered: "either", missed: false, sentence: "A newer call took its place." },
  admin_ended: {
    status: "completed",
    answered: "either",
    missed: false,
    sentence: "The call was ended by the service.",
  },
  connect_failed: {
    status: "failed",
    answered: "yes",
    missed: false,
    sentence: "No connection between the two devices could be made.",
  },
  declined: { status: "rejected", answered: "no", missed: false, sentence: "The call was declined." },
  cancelled: {
    status: "missed",
    answered: "no",
    missed: true,
    sentence: "The caller hung up before the call was answered.",
  },
  no_answer: { status: "missed", answered: "no", missed: true, sentence: "Nobody answered." },
  unreachable: { status: "missed", answered: "no", missed: true, sentence: "The other person could not be reached." },
  busy: { status: "missed", answered: "no", missed: true, sentence: "The other person is on another call." },
  do_not_disturb: {
    status: "missed",
    answered: "no",
    missed: true,
    sentence: "The call came while do-not-disturb was on.",
  },
} as const satisfies Record<string, EndReasonRow>;

export type EndReason = keyof typeof endReasons;
export const endReasonCodes = Object.keys(endReasons) as [EndReason, ...EndReason[]];

/** Why one device stops ringing while the call goes on, or was turned down, elsewhere. */
export const deviceEndReasons = {
  answered_elsewhere: { sentence: "Answered on another device." },
  declined_elsewhere: { sentence: "Declined on another device." },
} as const;

export type DeviceEndReason = keyof typeof deviceEndReasons;
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
