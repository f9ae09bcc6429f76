import type { Contacts } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

export function sqliteContacts(file: SqliteFile): Contacts {
  const list = file.prepare<{ contact: string; name: string; created_at_ms: number }>(
    "SELECT contact, name, created_at_ms FROM contacts WHERE owner = ? ORDER BY name, contact",
  );
  const rename = file.prepare("UPDATE contacts SET name = ? WHERE owner = ? AND contact = ?");
  const count = file.prepare<{ n: number }>("SELECT count(*) AS n FROM contacts WHERE owner = ?");
  const insert = file.prepare("INSERT INTO contacts (owner, contact, name, created_at_ms) VALUES (?, ?, ?, ?)");
  const remove = file.prepare("DELETE FROM contacts WHERE owner = ? AND contact = ?");

  return {
    async list(owner) {
      return list.all(owner).map((row) => ({ contact: row.contact, name: row.name, createdAtMs: row.created_at_ms }));
    },
    async put(owner, contact, maxContacts) {
      return file.transaction(() => {
        if (rename.run(contact.name, owner, contact.contact) === 1) return "updated";
        if ((count.get(owner)?.n ?? 0) >= maxContacts) return "full";
        insert.run(owner, contact.contact, contact.name, contact.createdAtMs);
        return "created";
      });
    },
    remove: async (owner, contact) => remove.run(owner, contact) === 1,
  };
}
