import type { Contacts } from "@echoo/core";
import { byCodePoint } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { OwnedList } from "./owned-list.ts";

export function mongoContacts(link: MongoLink): Contacts {
  const lists = new OwnedList(link, "contacts");

  return {
    async list(owner) {
      const listed = await lists.all(owner);
      return listed
        .map(({ user, name = "", createdAtMs }) => ({ contact: user, name, createdAtMs }))
        .sort((a, b) => byCodePoint(a.name, b.name) || byCodePoint(a.contact, b.contact));
    },
    put(owner, { contact, name, createdAtMs }, maxContacts) {
      const entry = { user: text(contact), name: text(name), createdAtMs };
      return retryOptimistically(async () => {
        if (await lists.rename(owner, contact, name)) return "updated";
        const outcome = await lists.add(owner, entry, maxContacts);
        if (outcome === "full") return "full";
        // One that another request added in between is renamed in the next turn.
        return outcome === "added" ? "created" : undefined;
      });
    },
    remove: (owner, contact) => lists.remove(owner, contact),
  };
}
