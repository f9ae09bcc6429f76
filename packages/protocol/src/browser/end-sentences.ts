/**
 * What a person is told of a call that ended, by the reason. Apart from `endReasons`, whose rows name them, for browsers show
 * the sentences and have no use for the rest.
 */
export const endSentences = {
  hangup: "The call was hung up.",
  connection_lost: "The connection to the other side was lost.",
  server_restart: "The server restarted and the call could not be resumed.",
  max_duration: "The call reached the longest time allowed.",
  superseded: "A newer call took its place.",
  admin_ended: "The call was ended by the service.",
  connect_failed: "No connection between the two devices could be made.",
  declined: "The call was declined.",
  cancelled: "The caller hung up before the call was answered.",
  no_answer: "Nobody answered.",
  unreachable: "The other person could not be reached.",
  busy: "The other person is on another call.",
  do_not_disturb: "The call came while do-not-disturb was on.",
} as const;

/** The same for one device that stops ringing. */
export const deviceEndSentences = {
  answered_elsewhere: "Answered on another device.",
  declined_elsewhere: "Declined on another device.",
} as const;

export type EndReason = keyof typeof endSentences;
export type DeviceEndReason = keyof typeof deviceEndSentences;
