import { z } from "zod";
import { deviceEndReasonCodes, endReasonCodes } from "./end-reasons.ts";
import { errorCodes } from "./errors.ts";
import * as f from "./fields.ts";
import { limits } from "./limits.ts";
import { type MessageOf, message } from "./message.ts";

const from = "server";
const parties = { callId: f.callId, from: f.userId, to: f.userId };
const endReason = z.enum([...endReasonCodes, ...deviceEndReasonCodes]).meta({ id: "EndReason" });
/** The code of a refusal, over WebSocket and REST. */
export const errorCode = z.enum(errorCodes).meta({ id: "ErrorCode" });
const candidates = z.array(f.candidate.nullable());
/** Told in so many words where a peer connection must gather relay candidates alone; absent otherwise. */
const iceTransportPolicy = z.literal("relay").optional();
const description = z.object({ sdp: f.sdp, neg: f.neg.optional() });

/** Where one call of a user stands, as a joining device needs to know it. */
export const callSummary = z
  .object({
    callId: f.callId,
    role: z.enum(["caller", "callee"]),
    peer: f.userId,
    isVideoCall: f.flag,
    bound: f.flag.describe("to this device"),
    state: z.enum(["calling", "ringing", "connecting", "active", "reconnecting", "ended"]),
    expiresInMs: f.durationMs.optional(),
    peerProtocol: z.int().optional(),
    endReason: endReason.optional(),
    endedBy: f.endedBy.optional(),
    offer: description.optional(),
    answer: description.optional(),
    neg: f.neg.optional().describe("the highest one that this side has offered"),
    candidates: candidates.optional().describe("the other side's"),
  })
  .meta({ id: "CallSummary" });
export type CallSummary = z.infer<typeof callSummary>;

const presenceEntry = z
  .object({
    userId: f.userId,
    online: f.flag,
    inCall: f.flag.optional(),
    lastSeenAt: f.timeMs.optional(),
  })
  .meta({ id: "PresenceEntry" });
export type PresenceEntry = z.infer<typeof presenceEntry>;

/** Every message the server sends. Messages of calls carry `seq` to a current session. */
export const serverMessages = {
  joined: message({
    from,
    route: "session",
    doc: "This socket speaks for `userId` now.",
    fields: {
      userId: f.userId,
      session: f.sessionId,
      resumed: f.flag.describe("Everything after the `seq` that the client named follows."),
      rebound: z.array(f.callId).optional().describe("Calls that this device keeps though no queue survived."),
      n: f.sequence.optional().describe("Up to which message of the client the server handled them."),
      protocol: z.int(),
      pingMs: f.durationMs.describe("How often the server pings."),
      resumeMs: f.durationMs.describe("How long a lost session can be resumed."),
      calls: z.array(callSummary).describe("The user's calls, and those that this device ended within 24 h."),
      iceServers: z.array(f.iceServer),
      iceTransportPolicy: iceTransportPolicy.describe("All calls go through a relay: gather no other candidates."),
      time: f.timeMs.describe("The server's clock."),
    },
  }),
  calling: message({
    from,
    route: "call",
    doc: "The call exists. With `replaces`: the other side dialled first, and this is their call to answer.",
    fields: {
      callId: f.callId,
      to: f.userId,
      expiresInMs: f.durationMs,
      id: f.messageId.optional(),
      replaces: f.callId.optional().describe("The id that this device proposed; an alias of `callId` from now on."),
      sdp: f.sdp.optional().describe("The other side's offer, with `replaces`."),
      candidates: candidates.optional().describe("The other side's, with `replaces`."),
      iceTransportPolicy: iceTransportPolicy.describe("This call goes through a relay; other candidates are dropped."),
    },
  }),
  offer: message({
    from,
    route: "call",
    doc: "Another user calls; or the peer of an answered call renegotiates it.",
    fields: {
      ...parties,
      sdp: f.sdp,
      isVideoCall: f.flag,
      neg: f.neg.optional(),
      renew: f.flag.optional().describe("From a new connection: answer it from a new one, in place of the old."),
      expiresInMs: f.durationMs.optional().describe("Absent in a renegotiation."),
      iceTransportPolicy: iceTransportPolicy.describe("This call goes through a relay; other candidates are dropped."),
      caller: z.object({ displayName: f.text(limits.displayNameChars) }).optional(),
    },
  }),
  ringing: message({
    from,
    route: "call",
    doc: "A device of the callee rings.",
    fields: { callId: f.callId, from: f.userId },
  }),
  answer: message({
    from,
    route: "call",
    doc: "The callee answered; or the peer answered a renegotiation.",
    fields: { ...parties, sdp: f.sdp, neg: f.neg.optional() },
  }),
  offerRefused: message({
    from,
    route: "call",
    doc: "The peer cannot answer the renegotiation `neg`: take it back, and offer anew.",
    fields: { ...parties, neg: f.neg.optional() },
  }),
  candidate: message({
    from,
    route: "call",
    doc: "The peer's ICE candidate; null says that there are no more.",
    fields: { ...parties, candidate: f.candidate.nullable() },
  }),
  busy: message({
    from,
    route: "call",
    doc: "The callee is on another call.",
    fields: { ...parties, reason: endReason.optional(), endedBy: f.endedBy.optional() },
  }),
  reject: message({
    from,
    route: "call",
    doc: 'The call ended unanswered. To a client that names no protocol also an offer that never became a call: without a callId then ("").',
    fields: { ...parties, callId: f.looseCallId, reason: endReason, endedBy: f.endedBy.optional() },
  }),
  hangup: message({
    from,
    route: "call",
    doc: 'The call ended, or this device no longer rings. To a client that names no protocol also an attempt that became the other side\'s call: without a callId then ("").',
    fields: {
      ...parties,
      callId: f.looseCallId,
      reason: endReason,
      endedBy: f.endedBy.optional(),
      durationMs: f.durationMs.optional(),
    },
  }),
  missed: message({
    from,
    route: "call",
    doc: "Somebody called this user, who is on another call, and was told so at once: nothing rings.",
    fields: {
      ...parties,
      reason: endReason,
      isVideoCall: f.flag,
      caller: z.object({ displayName: f.text(limits.displayNameChars) }).optional(),
    },
  }),
  peerLost: message({
    from,
    route: "call",
    doc: "The peer's connection to the server is gone; the media may still flow. After `resumeInMs` the call ends if the peer is not back: that is shorter for a page that was closed or is loaded anew. Without it the call has no deadline because of that: the peer cannot resume, and the call goes on until it joins again or you hang up.",
    fields: { callId: f.callId, resumeInMs: f.durationMs.optional() },
  }),
  peerBack: message({ from, route: "call", doc: "The peer is back.", fields: { callId: f.callId } }),
  mediaState: message({
    from,
    route: "relay",
    doc: "Which media the peer sends.",
    fields: {
      callId: f.callId,
      from: f.userId,
      audio: f.flag.optional(),
      video: f.flag.optional(),
      screen: f.flag.optional(),
    },
  }),
  chat: message({
    from,
    route: "relay",
    doc: "A line of text from the peer.",
    fields: { ...parties, message: f.text(limits.chatChars) },
  }),
  emoji: message({
    from,
    route: "relay",
    doc: "The peer's reaction.",
    fields: { ...parties, emoji: f.text(limits.emojiChars) },
  }),
  quality: message({
    from,
    route: "statistics",
    doc: "The call quality that one side measures.",
    fields: {
      callId: f.callId,
      from: f.userId,
      mos: z.number(),
      level: f.qualityLevel,
      warnings: z.array(f.label).optional(),
    },
  }),
  presence: message({
    from,
    route: "directory",
    doc: "Presence of watched users.",
    fields: { users: z.array(presenceEntry) },
  }),
  userList: message({
    from,
    route: "directory",
    doc: "Users this one may see and is likely to call.",
    fields: { users: z.array(f.userId) },
  }),
  userStatus: message({
    from,
    route: "directory",
    doc: "The answer to checkUser.",
    fields: { userId: f.userId, online: f.flag, registered: f.flag },
  }),
  turnCredentials: message({
    from,
    route: "directory",
    doc: "TURN credentials (draft-uberti-behave-turn-rest-00).",
    fields: { username: z.string(), password: z.string(), ttl: f.count, uris: z.array(z.string()) },
  }),
  authenticated: message({ from, route: "session", doc: "The token is good.", fields: { userId: f.userId } }),
  authError: message({ from, route: "session", doc: "The token is not good.", fields: { message: z.string() } }),
  goaway: message({
    from,
    route: "session",
    doc: "This node drains; reconnect after the given time. The call goes on.",
    fields: { reconnectInMs: f.durationMs },
  }),
  ack: message({
    from,
    route: "session",
    doc: "The message with this id was handled.",
    fields: { id: f.messageId, callId: f.callId.optional() },
  }),
  pong: message({
    from,
    route: "session",
    doc: "The answer to ping.",
    fields: {
      time: f.timeMs.describe("The server's clock."),
      n: f.sequence.optional().describe("Up to which message of the client the server handled them."),
    },
  }),
  tokenExpiring: message({
    from,
    route: "session",
    doc: "The token of this socket expires; renew it with authenticate.",
    fields: { inMs: f.durationMs },
  }),
  error: message({
    from,
    route: "session",
    doc: "A refusal.",
    fields: {
      code: errorCode,
      message: z.string(),
      id: f.messageId.optional(),
      callId: f.callId.optional(),
      retryInMs: f.durationMs.optional(),
      state: f.label.optional().describe("With too_late: where the call stands."),
      reason: endReason.optional().describe("With too_late: why it ended."),
    },
  }),
} as const;

/** What comes with a message of a call to a current session. */
export const serverEnvelope = { seq: f.sequence.optional() };
export type ServerEnvelope = { seq?: number | undefined };

export type ServerMessage = MessageOf<typeof serverMessages, ServerEnvelope>;
export type ServerMessageType = ServerMessage["type"];
export type ServerMessageByType<T extends ServerMessageType> = Extract<ServerMessage, { type: T }>;
