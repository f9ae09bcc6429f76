import { type BlockList, byCodePoint, type ContactList, type Table } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import type { ListDocument } from "../users/owned-list.ts";
import { mongoTable } from "./mongo-table.ts";

/** A list that was emptied is no entry: other stores have nothing of it. */
const filled = { "list.0": { $exists: true } };
const listChars = ({ list }: ListDocument) => list.reduce((sum, { name = "" }) => sum + name.length + 100, 100);

export function contactsTable(link: MongoLink): Table<ContactList> {
  return mongoTable<ListDocument, ContactList>(link, {
    collection: link.collection("contacts"),
    living: filled,
    idOf: ([owner]) => owner,
    toEntry: ({ _id: owner, list }) => ({
      owner,
      list: list
        .map(({ user, name = "", createdAtMs }) => ({ contact: user, name, createdAtMs }))
        .sort((a, b) => byCodePoint(a.contact, b.contact)),
    }),
    toDocument: ({ owner, list }) => ({
      _id: text(owner),
      list: list.map(({ contact, name, createdAtMs }) => ({ user: text(contact), name: text(name), createdAtMs })),
    }),
    chars: listChars,
  });
}

export function blocksTable(link: MongoLink): Table<BlockList> {
  return mongoTable<ListDocument, BlockList>(link, {
    collection: link.collection("blocks"),
    living: filled,
    idOf: ([owner]) => owner,
    toEntry: ({ _id: owner, list }) => ({
      owner,
      list: list
        .map(({ user, createdAtMs }) => ({ blocked: user, createdAtMs }))
        .sort((a, b) => byCodePoint(a.blocked, b.blocked)),
    }),
    toDocument: ({ owner, list }) => ({
      _id: text(owner),
      list: list.map(({ blocked, createdAtMs }) => ({ user: text(blocked), createdAtMs })),
    }),
    chars: listChars,
  });
}
