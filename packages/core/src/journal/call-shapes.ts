import { type Candidate, deviceEndReasonCodes, endReasonCodes } from "@echoo/protocol";
import type { Abilities } from "../call/abilities.ts";
import type {
  AnsweredCall,
  CandidateOrEnd,
  Description,
  Device,
  FinishedCall,
  FinishedDevice,
  Leg,
  Offered,
  Reservation,
  RingingCall,
  UnfinishedCall,
} from "../call/call.ts";
import type { Ender } from "../call/ended-by.ts";
import type { PushSlot, PushStop } from "../call/push/push-slot.ts";
import { type Fields, figure, flag, listOf, object, oneOf, optional, orNull, type Shape, text } from "./shape.ts";

const abilities = object<Abilities>({
  acknowledges: flag,
  reportsConnected: flag,
  resumes: flag,
  answersMerged: flag,
  takesEarlyCandidates: flag,
  namesCalls: flag,
});

const description = object<Description>({ sdp: text, neg: optional(figure) });

const candidates: Shape<readonly CandidateOrEnd[]> = listOf(
  orNull(
    object<Candidate>({
      candidate: text,
      sdpMid: optional(orNull(text)),
      sdpMLineIndex: optional(orNull(figure)),
      usernameFragment: optional(orNull(text)),
    }),
  ),
);

const device: Fields<Device> = {
  session: text,
  device: text,
  token: optional(text),
  voucher: optional(text),
  can: abilities,
  lostAtMs: optional(figure),
};

const leg = object<Leg>({
  ...device,
  provenAtMs: optional(figure),
  formerSessions: optional(listOf(text)),
  joinNumber: optional(figure),
  offeredNeg: optional(figure),
  openOffer: optional(description),
  lastAnswer: optional(description),
});

const offered = object<Offered>({
  ...device,
  standing: oneOf("asked", "acknowledged", "stopped", "waiting"),
  held: candidates,
});

const pushSlot = object<PushSlot>({
  device: text,
  token: optional(text),
  ring: oneOf("due", "pushing", "sent", "none", "gone"),
  dueAtMs: figure,
  refused: optional(oneOf(true)),
  heard: optional(oneOf(true)),
  over: optional(oneOf(true)),
  stop: optional(
    object<PushStop>({
      reason: oneOf(...endReasonCodes, ...deviceEndReasonCodes),
      missed: flag,
      standing: oneOf("owed", "pushing", "done"),
      atMs: figure,
    }),
  ),
});

/** What every unfinished call has. */
const facts = {
  id: text,
  caller: text,
  callee: text,
  callerName: optional(text),
  isVideo: flag,
  relayOnly: optional(oneOf(true)),
  createdAtMs: figure,
  placedAtMs: figure,
  aliases: listOf(text),
  glare: flag,
  reconnects: figure,
  ringingAtMs: optional(figure),
  restarted: optional(oneOf(true)),
  callerLeg: leg,
  offer: description,
  callerCandidates: candidates,
  offered: listOf(offered),
  pushes: optional(listOf(pushSlot)),
};

const ringing = object<RingingCall>({
  ...facts,
  state: oneOf("calling", "ringing"),
  expiresAtMs: figure,
  relayed: optional(figure),
  shadow: optional(oneOf(true)),
  reserved: optional(
    object<Reservation>({
      device: text,
      session: text,
      attempting: optional(oneOf(true)),
      offerAtMs: optional(figure),
    }),
  ),
  quiet: optional(oneOf(true)),
  unscreened: optional(oneOf(true)),
});

const answered = object<AnsweredCall>({
  ...facts,
  state: oneOf("connecting", "active", "reconnecting"),
  answeredAtMs: figure,
  connectedAtMs: optional(figure),
  returnedAtMs: optional(figure),
  calleeLeg: leg,
  answer: description,
  calleeCandidates: candidates,
});

/** By its state: a call that was never answered has no answer. */
export const unfinishedCall: Shape<UnfinishedCall> = (value, at) => {
  const state = (value as { readonly state?: unknown } | null)?.state;
  return state === "calling" || state === "ringing" ? ringing(value, at) : answered(value, at);
};

export const finishedCall = object<FinishedCall>({
  state: oneOf("ended"),
  id: text,
  aliases: listOf(text),
  caller: text,
  callee: text,
  isVideo: flag,
  endReason: oneOf(...endReasonCodes),
  ender: optional(oneOf<Ender>("caller", "callee", "server")),
  createdAtMs: figure,
  endedAtMs: figure,
  answered: flag,
  callerOnly: flag,
  devices: listOf(
    object<FinishedDevice>({
      user: text,
      device: text,
      session: text,
      reason: oneOf(...endReasonCodes, ...deviceEndReasonCodes),
      untold: optional(oneOf(true)),
    }),
  ),
  pushes: optional(listOf(pushSlot)),
});
