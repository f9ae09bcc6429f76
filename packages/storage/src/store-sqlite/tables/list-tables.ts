import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { BlockList, ContactList, Table } from "../../tables/store-tables.ts";
import { sqliteTable } from "./sqlite-table.ts";

interface OwnerRow {
  readonly owner: string;
}

export function contactsTable(file: SqliteFile): Table<ContactList> {
  const entries = file.prepare<{ contact: string; name: string; created_at_ms: number }>(
    "SELECT contact, name, created_at_ms FROM contacts WHERE owner = ? ORDER BY contact",
  );
  const drop = file.prepare("DELETE FROM contacts WHERE owner = ?");
  const insert = file.prepare("INSERT INTO contacts (owner, contact, name, created_at_ms) VALUES (?, ?, ?, ?)");
  return sqliteTable<OwnerRow, ContactList>(file, {
    table: "contacts",
    from: "(SELECT DISTINCT owner FROM contacts)",
    key: ["owner"],
    keyOf: ({ owner }) => [owner],
    toEntry: ({ owner }) => ({
      owner,
      list: entries.all(owner).map((row) => ({
        contact: row.contact,
        name: row.name,
        createdAtMs: row.created_at_ms,
      })),
    }),
    put({ owner, list }) {
      drop.run(owner);
      for (const { contact, name, createdAtMs } of list) insert.run(owner, contact, name, createdAtMs);
    },
  });
}

export function blocksTable(file: SqliteFile): Table<BlockList> {
  const entries = file.prepare<{ blocked: string; created_at_ms: number }>(
    "SELECT blocked, created_at_ms FROM blocks WHERE owner = ? ORDER BY blocked",
  );
  const drop = file.prepare("DELETE FROM blocks WHERE owner = ?");
  const insert = file.prepare("INSERT INTO blocks (owner, blocked, created_at_ms) VALUES (?, ?, ?)");
  return sqliteTable<OwnerRow, BlockList>(file, {
    table: "blocks",
    from: "(SELECT DISTINCT owner FROM blocks)",
    key: ["owner"],
    keyOf: ({ owner }) => [owner],
    toEntry: ({ owner }) => ({
      owner,
      list: entries.all(owner).map((row) => ({ blocked: row.blocked, createdAtMs: row.created_at_ms })),
    }),
    put({ owner, list }) {
      drop.run(owner);
      for (const { blocked, createdAtMs } of list) insert.run(owner, blocked, createdAtMs);
    },
  });
}
