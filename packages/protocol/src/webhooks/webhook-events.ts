import { z } from "zod";
import { endReasonCodes } from "../end-reasons.ts";
import * as f from "../fields.ts";
import { callStatusValue } from "../rest/call-bodies.ts";
import { instant } from "../rest/wire-values.ts";

/** As the API of administrators has it, without the names that people give themselves. */
const party = z.object({ phone: f.userId });

/** A call as it was when the event happened. */
const webhookCall = z
  .object({
    callId: f.callId,
    caller: party,
    callee: party,
    isVideo: z.boolean(),
    state: z.enum(["calling", "ringing", "connecting", "active", "reconnecting", "ended"]),
    startTime: instant,
    answeredAt: instant.optional(),
    endTime: instant.optional(),
    duration: f.count.optional().describe("Whole seconds from the answer; 0 for an unanswered call."),
    status: callStatusValue.optional(),
    endReason: z.enum(endReasonCodes).optional(),
    endedBy: z.enum(["caller", "callee", "server"]).optional().describe("Absent where it is not known."),
  })
  .meta({ id: "WebhookCall" });
export type WebhookCallBody = z.infer<typeof webhookCall>;

const verdict = z.object({ code: z.string(), side: z.enum(["caller", "callee"]).optional() });

interface WebhookEventRow {
  /** Of what its sequence is, and what it is in order with. */
  readonly of: "call" | "user";
  readonly doc: string;
  readonly data: z.ZodType;
}

/** Every event that is posted to webhooks; a new one is a row here, and a fact that is announced to the store. */
export const webhookEvents = {
  "call.started": { of: "call", doc: "A call was placed.", data: webhookCall },
  "call.answered": { of: "call", doc: "A device answered it.", data: webhookCall },
  "call.ended": { of: "call", doc: "It is over, and stands in the histories.", data: webhookCall },
  "call.missed": { of: "call", doc: "It ended without an answer; after `call.ended`.", data: webhookCall },
  "call.verdict": {
    of: "call",
    doc: "What the call was like, a minute after its end.",
    data: z.object({ callId: f.callId, caller: party, callee: party, verdict }),
  },
  "user.created": {
    of: "user",
    doc: "A number has an account.",
    data: z.object({ phone: f.userId, createdAt: instant, proof: z.enum(["invite", "code", "jwt"]).optional() }),
  },
  "user.erased": {
    of: "user",
    doc: "An account was erased: `erasedAs` stands for its number in calls from now on.",
    data: z.object({ phone: f.userId, erasedAs: f.userId }),
  },
  "device.gone": {
    of: "user",
    doc: "A push service said that a device is not there any more; no call is pushed to it.",
    data: z.object({ phone: f.userId, deviceId: f.deviceId, platform: z.enum(["web", "fcm", "apns"]) }),
  },
} as const satisfies Readonly<Record<string, WebhookEventRow>>;

export type WebhookEventType = keyof typeof webhookEvents;
export type WebhookDataOf<T extends WebhookEventType> = z.infer<(typeof webhookEvents)[T]["data"]>;

export const webhookEventTypes = Object.keys(webhookEvents) as readonly WebhookEventType[];
