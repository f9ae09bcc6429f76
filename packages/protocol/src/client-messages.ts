import { z } from "zod";
import * as f from "./fields.ts";
import { limits } from "./limits.ts";
import { type MessageOf, message } from "./message.ts";
import { reportedStats, sample } from "./samples.ts";
import { reportedEvents } from "./why/report-events.ts";

const from = "client";
/** The one unfinished call with `to` is meant where no callId is given. */
const addressed = {
  callId: f.looseCallId.optional().describe("Without it: the one unfinished call with `to`."),
  to: f.userId.optional(),
};
const client = z.object({ name: f.label.optional(), version: f.label.optional(), platform: f.label.optional() });

/** Every message a client may send. `id` and `n` may come with any of them. */
export const clientMessages = {
  join: message({
    from,
    route: "session",
    doc: "Says who speaks on this socket, and takes an earlier session over where `resume` names one.",
    fields: {
      userId: f.userId.optional(),
      phone: f.userId.optional().describe("The same as `userId`."),
      token: f.text(limits.tokenChars).optional().describe("Needed unless open access covers the socket."),
      deviceId: f.deviceId.optional().describe("One for each session where absent."),
      protocol: z.int().min(1).max(99).optional().describe("2; without it the session is a legacy one."),
      client: client.optional(),
      resume: z
        .object({
          session: f.sessionId,
          seq: f.sequence
            .optional()
            .describe("Absent from a page that was loaded anew: nothing is replayed, its calls are taken over."),
        })
        .optional()
        .describe(
          "The session to take over, and the last `seq` that was handled. Without it the device holds no call: those that an older session of its had end, once that one's socket is gone or does not answer a ping.",
        ),
    },
  }),
  authenticate: message({
    from,
    route: "session",
    doc: "Proves the user by token before `join`, or renews the token of a joined socket in place.",
    fields: { authToken: f.text(limits.tokenChars) },
  }),
  offer: message({
    from,
    route: "call",
    family: "offer",
    doc: "Calls another user; with the callId of an answered call, renegotiates it.",
    fields: {
      to: f.userId,
      sdp: f.sdp,
      isVideoCall: f.flag.optional().describe("true where absent."),
      callId: f.looseCallId
        .optional()
        .describe("A UUID that the caller proposes, or the answered call to renegotiate."),
      supersede: f.flag.optional().describe("Ends the caller's other call instead of being refused."),
      neg: f.neg.optional(),
      renew: f.flag
        .optional()
        .describe("In an answered call: from a new connection, as after a reload. The peer makes a new one as well."),
    },
  }),
  ringing: message({ from, route: "call", doc: "This device rings.", fields: { callId: f.callId } }),
  answer: message({
    from,
    route: "call",
    doc: "Takes the call on this device; within an answered call, answers a renegotiation.",
    fields: { ...addressed, sdp: f.sdp, neg: f.neg.optional() },
  }),
  offerRefused: message({
    from,
    route: "call",
    doc: "A renegotiation of the peer cannot be answered; it takes its offer back.",
    fields: { ...addressed, neg: f.neg.optional() },
  }),
  candidate: message({
    from,
    route: "call",
    family: "candidate",
    doc: "One ICE candidate; null says that there are no more.",
    fields: { ...addressed, candidate: f.candidate.nullable() },
  }),
  connected: message({ from, route: "call", doc: "Media flows on this device.", fields: { callId: f.callId } }),
  reject: message({
    from,
    route: "call",
    doc: "Declines a ringing call, or says that this device is busy.",
    fields: { ...addressed, reason: f.label.optional().describe("`declined` or `busy`; declined where absent.") },
  }),
  hangup: message({
    from,
    route: "call",
    doc: "Ends a call, cancels one's own ring, or declines one that rings here.",
    fields: { ...addressed, reason: f.label.optional().describe("`ice_failed` where no connection could be made.") },
  }),
  mediaState: message({
    from,
    route: "relay",
    doc: "Which media this side sends, for the other side's screen.",
    fields: { callId: f.callId, audio: f.flag.optional(), video: f.flag.optional(), screen: f.flag.optional() },
  }),
  chat: message({
    from,
    route: "relay",
    family: "talk",
    doc: "A line of text within a call.",
    fields: { to: f.userId, callId: f.looseCallId.optional(), message: z.string().min(1).max(limits.chatChars) },
  }),
  emoji: message({
    from,
    route: "relay",
    family: "talk",
    doc: "In-call reaction.",
    fields: { to: f.userId, callId: f.looseCallId.optional(), emoji: z.string().min(1).max(limits.emojiChars) },
  }),
  stats: message({
    from,
    route: "statistics",
    family: "stats",
    doc: "A batch of quality samples of one call.",
    fields: { callId: f.callId, samples: z.array(sample).max(limits.samplesPerBatch) },
  }),
  report: message({
    from,
    route: "statistics",
    family: "stats",
    doc: "What happened on this side of a call, for whoever asks later why it failed. Until 24 h after its end.",
    fields: { callId: f.callId, sentAt: f.timeMs.describe("by the client's clock"), events: reportedEvents },
  }),
  callStats: message({
    from,
    route: "statistics",
    family: "stats",
    doc: "The shipped app's own summary of a call.",
    fields: reportedStats,
  }),
  watch: message({
    from,
    route: "directory",
    doc: "Tells this session about the presence of these users, now and on each change.",
    fields: { users: z.array(f.userId).max(limits.watchedUsers) },
  }),
  unwatch: message({
    from,
    route: "directory",
    doc: "Stops telling about these users.",
    fields: { users: z.array(f.userId).max(limits.watchedUsers) },
  }),
  checkUser: message({
    from,
    route: "directory",
    doc: "Asks once whether a user is online and registered.",
    fields: { userId: f.userId },
  }),
  getUsers: message({ from, route: "directory", doc: "Asks for the users this one is likely to call.", fields: {} }),
  getTurnCredentials: message({ from, route: "directory", doc: "Asks for TURN credentials.", fields: {} }),
  ping: message({
    from,
    route: "session",
    doc: "Confirms what was received up to `seq`, and asks for a sign of life.",
    fields: { seq: f.sequence.optional().describe("The last one of the server's that was handled.") },
  }),
  leave: message({ from, route: "session", doc: "Ends this session and its calls.", fields: {} }),
} as const;

/** What may come with any client message. */
export const clientEnvelope = { id: f.messageId.optional(), n: f.sequence.optional() };
export type ClientEnvelope = { id?: string | undefined; n?: number | undefined };

export type ClientMessage = MessageOf<typeof clientMessages, ClientEnvelope>;
export type ClientMessageType = ClientMessage["type"];
export type ClientMessageByType<T extends ClientMessageType> = Extract<ClientMessage, { type: T }>;
