import type { Webhook, WebhookSubject } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Table } from "../../tables/store-tables.ts";
import { SqliteSubjects, type SubjectRow, toSubject } from "../webhooks/sqlite-subjects.ts";
import { toWebhook, type WebhookRow } from "../webhooks/sqlite-webhooks.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

export function webhooksTable(file: SqliteFile): Table<Webhook> {
  const put = file.prepare(upsertSql("webhooks", 1, ["id", "url", "secrets", "created_at_ms"]));
  return sqliteTable<WebhookRow, Webhook>(file, {
    table: "webhooks",
    key: ["id"],
    keyOf: ({ id }) => [id],
    toEntry: toWebhook,
    put: ({ id, url, secrets, createdAtMs }) => void put.run(id, url, JSON.stringify(secrets), createdAtMs),
  });
}

export function webhookSubjectsTable(file: SqliteFile): Table<WebhookSubject> {
  const subjects = new SqliteSubjects(file);
  const table = sqliteTable<SubjectRow, WebhookSubject>(file, {
    table: "webhook_subjects",
    key: ["uid"],
    keyOf: ({ uid }) => [uid],
    toEntry: toSubject,
    put: (subject) => subjects.write(subject),
  });
  const clearIndex = ["webhook_due", "webhook_parties"].map((name) => file.prepare(`DELETE FROM ${name}`));
  return {
    ...table,
    async clear() {
      for (const clear of clearIndex) clear.run();
      await table.clear();
    },
  };
}
