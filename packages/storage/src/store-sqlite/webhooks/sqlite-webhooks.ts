import type { Instant, Pause, Webhook, Webhooks } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { WebhookOutbox } from "../../webhooks/webhook-outbox.ts";
import type { SqliteSubjects } from "./sqlite-subjects.ts";

export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly secrets: string;
  readonly created_at_ms: number;
}

export function toWebhook({ id, url, secrets, created_at_ms: createdAtMs }: WebhookRow): Webhook {
  return { id, url, secrets: JSON.parse(secrets) as string[], createdAtMs };
}

/** Where events are posted to. */
export function sqliteTargets(file: SqliteFile): Pick<Webhooks, "list" | "put" | "remove"> {
  const all = file.prepare<WebhookRow>("SELECT * FROM webhooks WHERE id > '' ORDER BY id");
  const find = file.prepare<WebhookRow>("SELECT * FROM webhooks WHERE id = ?");
  const insert = file.prepare("INSERT INTO webhooks (id, url, secrets, created_at_ms) VALUES (?, ?, ?, ?)");
  const update = file.prepare("UPDATE webhooks SET url = ?, secrets = ? WHERE id = ?");
  const drop = file.prepare("DELETE FROM webhooks WHERE id = ?");

  return {
    list: async () => all.all().map(toWebhook),
    async put({ id, url, secrets, createdAtMs }, max) {
      return file.transaction(() => {
        if (find.get(id) !== undefined) {
          update.run(url, JSON.stringify(secrets), id);
          return "updated";
        }
        if (all.all().length >= max) return "full";
        insert.run(id, url, JSON.stringify(secrets), createdAtMs);
        return "created";
      });
    },
    remove: async (id) => drop.run(id) === 1,
  };
}

/** One process alone has the file, and knows by itself which of its parts has the lease. */
class OwnLease {
  #holder: string | undefined;
  #untilMs: Instant = 0;

  async takeLease(holder: string, nowMs: Instant, untilMs: Instant): Promise<boolean> {
    if (this.#holder !== undefined && this.#holder !== holder && this.#untilMs > nowMs) return false;
    this.#holder = holder;
    this.#untilMs = untilMs;
    return true;
  }

  async leaveLease(holder: string): Promise<void> {
    if (this.#holder === holder) this.#holder = undefined;
  }
}

export function sqliteWebhooks(file: SqliteFile, subjects: SqliteSubjects, pause: Pause): Webhooks {
  return new WebhookOutbox({
    subjects,
    targets: sqliteTargets(file),
    lease: new OwnLease(),
    // What happens and what tells of it are one transaction.
    finish: async () => 0,
    pause,
  });
}
