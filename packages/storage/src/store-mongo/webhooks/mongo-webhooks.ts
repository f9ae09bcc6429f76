import type { Pause, Webhook, Webhooks } from "@echoo/core";
import { WebhookOutbox } from "../../webhooks/webhook-outbox.ts";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import type { MongoSubjects } from "./mongo-subjects.ts";

export interface WebhookDocument extends Omit<Webhook, "id"> {
  readonly _id: string;
}

export function toWebhook({ _id: id, url, secrets, createdAtMs }: WebhookDocument): Webhook {
  return { id, url, secrets, createdAtMs };
}

/** Where events are posted to. */
export function mongoTargets(link: MongoLink): Pick<Webhooks, "list" | "put" | "remove"> {
  const webhooks = link.collection<WebhookDocument>("webhooks");
  return {
    async list() {
      const found = await link.run(() => webhooks.find().sort({ _id: 1 }).toArray());
      return found.map(toWebhook);
    },
    async put({ id, url, secrets, createdAtMs }, max) {
      const [_id, fields] = [text(id), { url: text(url), secrets: secrets.map(text) }];
      const done = await link.run(() => webhooks.updateOne({ _id }, { $set: fields }));
      if (done.matchedCount === 1) return "updated";
      if ((await link.run(() => webhooks.countDocuments())) >= max) return "full";
      try {
        await link.run(() => webhooks.insertOne({ _id, ...fields, createdAtMs }));
        return "created";
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        await link.run(() => webhooks.updateOne({ _id }, { $set: fields }));
        return "updated";
      }
    },
    remove: async (id) => (await link.run(() => webhooks.deleteOne({ _id: text(id) }))).deletedCount === 1,
  };
}

interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly untilMs: number;
}

export function mongoWebhooks(
  link: MongoLink,
  subjects: MongoSubjects,
  finish: Webhooks["finish"],
  pause: Pause,
): Webhooks {
  const leases = link.collection<LeaseDocument>("leases");
  const _id = "webhooks";
  return new WebhookOutbox({
    subjects,
    targets: mongoTargets(link),
    lease: {
      async takeLease(holder, nowMs, untilMs) {
        const mine = { _id, $or: [{ holder }, { untilMs: { $lte: nowMs } }] };
        try {
          await link.run(() => leases.updateOne(mine, { $set: { holder, untilMs } }, { upsert: true }));
          return true;
        } catch (error) {
          // It is there, and another one's.
          if (isDuplicate(error)) return false;
          throw error;
        }
      },
      leaveLease: async (holder) => void (await link.run(() => leases.deleteOne({ _id, holder }))),
    },
    finish,
    pause,
  });
}
