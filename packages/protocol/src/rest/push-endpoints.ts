import { z } from "zod";
import * as f from "../fields.ts";
import { limits } from "../limits.ts";
import { done } from "./replies.ts";
import { endpoint } from "./row.ts";
import { instant } from "./wire-values.ts";

const tag = "Push";
const ofUser = z.object({ phone: f.typedId });
const ofDevice = ofUser.extend({ deviceId: f.deviceId });

/** Of so many bytes, as browsers write them. */
const base64Url = (bytes: number) => {
  const chars = Math.ceil((bytes * 4) / 3);
  return z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${chars}}={0,2}$`), `${bytes} bytes in base64url`);
};

const shared = {
  name: f.name(limits.labelChars).optional().describe("Names the device to its owner."),
  locale: z
    .string()
    .max(limits.localeChars)
    .regex(/^[A-Za-z0-9-]+$/)
    .optional()
    .describe("The language of its notifications, as BCP 47 has it."),
};
const serviceToken = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .max(limits.pushTokenChars);

const webDevice = z.object({
  platform: z.literal("web"),
  ...shared,
  subscription: z
    .object({
      endpoint: z.url({ protocol: /^https?$/ }).max(limits.pushEndpointChars),
      keys: z.object({ p256dh: base64Url(65), auth: base64Url(16) }),
    })
    .describe("What `PushSubscription.toJSON()` gives."),
});
const fcmDevice = z.object({ platform: z.literal("fcm"), ...shared, token: serviceToken });
const apnsDevice = z.object({
  platform: z.literal("apns"),
  ...shared,
  token: serviceToken.optional().describe("For alerts: missed calls."),
  voipToken: serviceToken.describe("Of PushKit, for rings."),
});
/** Where a device is reached, as its platform has it. */
const pushRegistration = z
  .discriminatedUnion("platform", [webDevice, fcmDevice, apnsDevice])
  .meta({ id: "PushRegistration" });
export type PushRegistration = z.infer<typeof pushRegistration>;

/** A device to push to as its owner sees it. */
export const pushDevice = z
  .object({
    deviceId: f.deviceId,
    platform: z.enum(["web", "fcm", "apns"]),
    name: z.string().optional(),
    locale: z.string().optional(),
    createdAt: instant,
    registeredAt: instant.describe("When it was registered last."),
    current: z.boolean().describe("Whether the token of this request registered it."),
  })
  .meta({ id: "PushDevice" });
export type PushDeviceBody = z.infer<typeof pushDevice>;

/** Who speaks, where no token is sent. */
const speaker = {
  ticket: z.string().min(1).max(limits.ticketChars).optional().describe("Came with the push. Needs no token."),
  deviceId: f.deviceId.optional().describe("With a token of the host product: which of the user's devices asks."),
};
const ofCall = z.object({ callId: f.callId });
const ringErrors = ["unknown_call", "not_bound", "too_late"] as const;

export const pushEndpoints = {
  getRing: endpoint({
    operationId: "getRing",
    method: "GET",
    path: "/api/rings/:callId",
    tag,
    auth: "none",
    doc: "The call that a device was woken for. By the ticket of the push, or by the token of the device; until 60 s after the ring's end with the ticket.",
    params: ofCall,
    query: z.object(speaker),
    responses: {
      200: z
        .object({
          callId: f.callId,
          state: z.enum(["ringing", "ended"]).describe("ended: for this device."),
          from: z.object({ phone: f.userId, displayName: z.string() }),
          isVideo: z.boolean(),
          expiresInMs: f.durationMs.optional().describe("How long it rings on."),
          reason: z.string().optional().describe("Why it rings no more."),
        })
        .meta({ id: "Ring" }),
    },
    errors: ringErrors,
  }),
  showRing: endpoint({
    operationId: "showRing",
    method: "POST",
    path: "/api/rings/:callId/ringing",
    tag,
    auth: "none",
    doc: "The device shows the ring: only now the caller hears that it rings. 409 `too_late` with `reason` where it rings no more.",
    params: ofCall,
    body: z.object(speaker).optional(),
    responses: { 200: done },
    errors: ringErrors,
  }),
  rejectRing: endpoint({
    operationId: "rejectRing",
    method: "POST",
    path: "/api/rings/:callId/reject",
    tag,
    auth: "none",
    doc: "Declines the call for all devices; `busy` stops this one alone while others may ring.",
    params: ofCall,
    body: z.object({ ...speaker, reason: z.enum(["declined", "busy"]).optional() }).optional(),
    responses: { 200: done },
    errors: ringErrors,
  }),
  getPush: endpoint({
    operationId: "getPush",
    method: "GET",
    path: "/api/push",
    tag,
    auth: "none",
    doc: "Which kinds of devices the server can push to, and the key that browsers subscribe with.",
    responses: {
      200: z
        .object({
          webKey: z.string().optional().describe("The application server key (VAPID), 65 bytes in base64url."),
          fcm: z.boolean(),
          apns: z.boolean(),
        })
        .meta({ id: "PushKinds" }),
    },
  }),
  listPushDevices: endpoint({
    operationId: "listPushDevices",
    method: "GET",
    path: "/api/users/:phone/devices",
    tag,
    auth: "token",
    doc: "One's devices that calls are pushed to, by their id.",
    params: ofUser,
    responses: { 200: z.object({ devices: z.array(pushDevice) }) },
  }),
  putPushDevice: endpoint({
    operationId: "putPushDevice",
    method: "PUT",
    path: "/api/users/:phone/devices/:deviceId",
    tag,
    auth: "token",
    doc: "Registers a device to push calls to. It goes with the token of this request; with a token of the host product it stays for 30 days. At most 10, then the one goes that was registered longest ago. A subscription has one device: the last to register it.",
    params: ofDevice,
    body: pushRegistration,
    responses: { 200: z.object({ device: pushDevice }), 201: z.object({ device: pushDevice }) },
    errors: ["conflict"],
  }),
  deletePushDevice: endpoint({
    operationId: "deletePushDevice",
    method: "DELETE",
    path: "/api/users/:phone/devices/:deviceId",
    tag,
    auth: "token",
    doc: "No call is pushed to that device any more.",
    params: ofDevice,
    responses: { 200: done },
  }),
};
