import { type DeviceEndReason, deviceEndSentences, type EndedBy, type EndReason, endSentences } from "@echoo/protocol";

/** Why a call ended, where nothing else is known. */
export const endReason = {
  ...endSentences,
  ...deviceEndSentences,
  // Also what the caller hears of a device that has no microphone, which is on no other call.
  busy: "The call could not be taken just then, perhaps because of another one.",
} as Record<EndReason | DeviceEndReason, string>;

/** By who ended the call, where the reason alone leaves that open. */
export const endedBy = {
  you: {
    hangup: () => "You hung up.",
    cancelled: () => "You hung up before the call was answered.",
    declined: () => "You declined the call.",
    busy: () => "You could not take the call just then.",
    superseded: () => "You began another call.",
  },
  peer: {
    hangup: (name) => `${name} hung up.`,
    cancelled: (name) => `${name} hung up before the call was answered.`,
    declined: (name) => `${name} declined the call.`,
    busy: (name) => `${name} could not take the call just then, perhaps because of another one.`,
    superseded: (name) => `${name} began another call.`,
  },
  server: {
    connection_lost: () => "The server ended the call: the connection was lost.",
    server_restart: () => "The server ended the call: it restarted, and the call could not be resumed.",
    max_duration: () => "The server ended the call: it had reached the longest time allowed.",
    admin_ended: () => "The server ended the call: an administrator asked for it.",
    connect_failed: () => "The server ended the call: the two devices could not be connected.",
  },
} as Record<EndedBy, Partial<Record<EndReason | DeviceEndReason, (name: string) => string>>>;

/** The same of calls that came to nothing without the doing of either, for the one who placed it and the one called. */
export const notTaken = {
  outgoing: {
    busy: (name) => `${name} is on another call.`,
    no_answer: (name) => `${name} did not answer.`,
  },
  incoming: {
    busy: (name) => `${name} called while you were on another call.`,
    no_answer: () => "You did not answer in time.",
    unreachable: (name) => `${name} called while none of your devices could be reached.`,
    do_not_disturb: (name) => `${name} called while do-not-disturb was on.`,
  },
} as Record<"incoming" | "outgoing", Partial<Record<EndReason | DeviceEndReason, (name: string) => string>>>;
