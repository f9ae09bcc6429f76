import type { Blocks } from "@echoo/core";
import { byCodePoint } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { OwnedList } from "./owned-list.ts";

export function mongoBlocks(link: MongoLink): Blocks {
  const lists = new OwnedList(link, "blocks");

  return {
    async list(owner) {
      const listed = await lists.all(owner);
      return listed
        .map(({ user, createdAtMs }) => ({ blocked: user, createdAtMs }))
        .sort((a, b) => byCodePoint(a.blocked, b.blocked));
    },
    async put(owner, { blocked, createdAtMs }, maxBlocks) {
      const outcome = await lists.add(owner, { user: text(blocked), createdAtMs }, maxBlocks);
      return outcome === "added" ? "created" : outcome;
    },
    remove: (owner, blocked) => lists.remove(owner, blocked),
  };
}
