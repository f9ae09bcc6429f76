import type { ServerKey, ServerKeys } from "@echoo/core";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

export interface KeyDocument extends Omit<ServerKey, "name"> {
  readonly _id: string;
}

export function mongoKeys(link: MongoLink): ServerKeys {
  const keys = link.collection<KeyDocument>("server_keys");
  return {
    async findOrKeep(name, made, createdAtMs) {
      const unlessThere = { $setOnInsert: { value: text(made), createdAtMs } };
      const options = { upsert: true, returnDocument: "after" } as const;
      const kept = await untilNoDuplicate(() =>
        link.run(() => keys.findOneAndUpdate({ _id: text(name) }, unlessThere, options)),
      );
      return kept.value;
    },
  };
}
