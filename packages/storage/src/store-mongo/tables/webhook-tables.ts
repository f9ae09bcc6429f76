import type { Webhook, WebhookSubject } from "@echoo/core";
import type { Table } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { type SubjectDocument, toSubject, toSubjectDocument } from "../webhooks/mongo-subjects.ts";
import { toWebhook, type WebhookDocument } from "../webhooks/mongo-webhooks.ts";
import { mongoTable } from "./mongo-table.ts";

export function webhooksTable(link: MongoLink): Table<Webhook> {
  return mongoTable<WebhookDocument, Webhook>(link, {
    collection: link.collection("webhooks"),
    idOf: ([id]) => id,
    toEntry: toWebhook,
    toDocument: ({ id, url, secrets, createdAtMs }) => ({
      _id: text(id),
      url: text(url),
      secrets: secrets.map(text),
      createdAtMs,
    }),
    chars: ({ url }) => url.length + 500,
  });
}

export function webhookSubjectsTable(link: MongoLink): Table<WebhookSubject> {
  return mongoTable<SubjectDocument, WebhookSubject>(link, {
    collection: link.collection("webhook_subjects"),
    idOf: ([uid]) => uid,
    toEntry: toSubject,
    toDocument: (subject) => toSubjectDocument(subject, 1),
    chars: ({ events }) => events.reduce((sum, { data }) => sum + data.length + 300, 500),
  });
}
