import type { Users } from "@echoo/core";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { toUser, type UserDocument } from "./user-document.ts";

/** Every number comes before it. */
const lastId = "\u{10ffff}";

/** What administrators ask of accounts, and do to those of each other. */
export function administered(link: MongoLink): Pick<Users, "list" | "removeAdmin"> {
  const users = link.collection<UserDocument>("users");

  return {
    async list({ prefix = "", only, after = "", limit }) {
      const which = only === undefined ? {} : { [only]: true };
      const _id = { $gt: text(after), $gte: text(prefix), $lt: text(prefix) + lastId };
      const found = await link.run(() =>
        users
          .find({ ...which, _id })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toUser);
    },
    async removeAdmin(id) {
      const _id = text(id);
      const hasOthers = async () =>
        (await link.run(() => users.countDocuments({ admin: true, _id: { $ne: _id } }, { limit: 1 }))) > 0;
      const change = (from: boolean, to: boolean) =>
        link.run(() => users.updateOne({ _id, admin: from }, { $set: { admin: to } }));
      const found = await link.run(() => users.findOne({ _id, admin: true }));
      if (found === null) return "none";
      if (!(await hasOthers())) return "last";
      if ((await change(true, false)).matchedCount === 0) return "none";
      // Of two who remove each other at once each may see that none is left: then both stay.
      if (await hasOthers()) return "removed";
      await change(false, true);
      return "last";
    },
  };
}
