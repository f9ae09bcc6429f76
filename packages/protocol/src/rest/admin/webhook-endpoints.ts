import { z } from "zod";
import * as f from "../../fields.ts";
import { limits } from "../../limits.ts";
import { webhookEventTypes } from "../../webhooks/webhook-events.ts";
import { done } from "../replies.ts";
import { endpoint } from "../row.ts";
import { instant, moment, wholeNumber } from "../wire-values.ts";

const tag = "Administration";
const webhookId = z.string().regex(/^[\w-]{1,64}$/);
const eventId = z.string().regex(/^[\w-]{1,128}$/);
const ofWebhook = z.object({ webhookId });
const address = z.object({ url: z.url({ protocol: /^https?$/ }).max(limits.webhookUrlChars) });

/** Where events are posted to. */
const webhook = z
  .object({
    id: webhookId,
    url: z.string(),
    createdAt: instant,
    ofSettings: z.boolean().describe("It is the one of ECHOO_WEBHOOK_URL, which is changed there."),
    rotating: z.boolean().describe("Two secrets sign."),
  })
  .meta({ id: "Webhook" });
export type WebhookBody = z.infer<typeof webhook>;

const withSecret = z.object({ webhook, secret: z.string().describe("Shown now, and never again.") });

const delivery = z
  .object({
    webhook: webhookId,
    event: z.object({
      type: z.enum(webhookEventTypes),
      id: eventId,
      sequence: f.count,
      time: instant,
      data: z.unknown(),
    }),
    standing: z.enum(["waiting", "parked", "delivered"]),
    attempts: f.count.describe("Of the first one of its call or account that was not taken yet."),
    dueAt: instant.optional(),
    lastError: z.string().optional(),
  })
  .meta({ id: "WebhookDelivery" });
export type WebhookDeliveryBody = z.infer<typeof delivery>;

const choice = {
  webhook: webhookId.optional().describe("Of this webhook alone."),
  event: eventId.optional().describe("Of the call, or the account, of this event alone."),
};
const changed = z.object({ changed: f.count.describe("Calls and accounts whose events are posted.") });
const admin = { tag, auth: "admin" } as const;

/** Where events are posted to, and what becomes of them. */
export const adminWebhookEndpoints = {
  adminListWebhooks: endpoint({
    ...admin,
    operationId: "adminListWebhooks",
    method: "GET",
    path: "/api/admin/webhooks",
    takesPass: true,
    doc: "Where events are posted to, and how many wait.",
    responses: {
      200: z.object({ webhooks: z.array(webhook), waiting: f.count, parked: f.count.describe("Refused for a day.") }),
    },
  }),
  adminCreateWebhook: endpoint({
    ...admin,
    operationId: "adminCreateWebhook",
    method: "POST",
    path: "/api/admin/webhooks",
    doc: "Another address for events, with a secret of its own. 409 `conflict` beyond 10.",
    body: address,
    responses: { 201: withSecret },
    errors: ["conflict"],
  }),
  adminDeleteWebhook: endpoint({
    ...admin,
    operationId: "adminDeleteWebhook",
    method: "DELETE",
    path: "/api/admin/webhooks/:webhookId",
    doc: "Nothing is posted there any more. 409 `conflict` for that of the settings.",
    params: ofWebhook,
    responses: { 200: done },
    errors: ["conflict"],
  }),
  adminChangeWebhook: endpoint({
    ...admin,
    operationId: "adminChangeWebhook",
    method: "PUT",
    path: "/api/admin/webhooks/:webhookId",
    doc: "Its events are posted there from now on, those that wait as well. 409 `conflict` for that of the settings.",
    params: ofWebhook,
    body: address,
    responses: { 200: z.object({ webhook }) },
    errors: ["conflict"],
  }),
  adminRotateWebhook: endpoint({
    ...admin,
    operationId: "adminRotateWebhook",
    method: "POST",
    path: "/api/admin/webhooks/:webhookId/rotate",
    doc: "A new secret; the one before signs as well until the next rotation. 409 `conflict` for that of the settings.",
    params: ofWebhook,
    responses: { 200: withSecret },
    errors: ["conflict"],
  }),
  adminListWebhookDeliveries: endpoint({
    ...admin,
    operationId: "adminListWebhookDeliveries",
    method: "GET",
    path: "/api/admin/webhooks/deliveries",
    takesPass: true,
    doc: "The newest events and how each webhook is with them, by call and account.",
    query: z.object({
      ...choice,
      standing: z.enum(["waiting", "parked", "all"]).default("all"),
      limit: wholeNumber(1, limits.webhookSubjectsListed)
        .default(50)
        .describe("Calls and accounts, each with all of its events."),
    }),
    responses: { 200: z.object({ deliveries: z.array(delivery) }) },
  }),
  adminRetryWebhooks: endpoint({
    ...admin,
    operationId: "adminRetryWebhooks",
    method: "POST",
    path: "/api/admin/webhooks/retry",
    takesPass: true,
    doc: "Posts what was parked, in its order.",
    body: z.object(choice).optional(),
    responses: { 200: changed },
  }),
  adminReplayWebhooks: endpoint({
    ...admin,
    operationId: "adminReplayWebhooks",
    method: "POST",
    path: "/api/admin/webhooks/replay",
    takesPass: true,
    doc: "Posts once more what happened since then, with what came after it, whether it was taken or not. Events are kept for 7 days.",
    body: z.object({ ...choice, since: moment }),
    responses: { 200: changed },
  }),
};
