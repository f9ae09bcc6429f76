import type { User, UserChanges, Users } from "@echoo/core";
import { untilNoDuplicate } from "./by-turns.ts";
import { eraseUser } from "./erase-user.ts";
import type { MongoLink } from "./mongo-link.ts";
import { text, textOrAbsent } from "./stored-text.ts";

export interface UserDocument extends Omit<User, "id"> {
  readonly _id: string;
}

export function toUser({ _id: id, ...rest }: UserDocument): User {
  return { id, ...rest };
}

/** The changes alone, each named: nothing else of what the caller passes reaches the database. */
function changed(changes: UserChanges) {
  const { displayName, presence, doNotDisturb, proof, admin, lastSeenAtMs } = changes;
  return {
    ...textOrAbsent("displayName", displayName),
    ...(presence === undefined ? {} : { presence }),
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
    ...(proof === undefined ? {} : { proof }),
    ...(admin === undefined ? {} : { admin }),
    ...(lastSeenAtMs === undefined ? {} : { lastSeenAtMs }),
  };
}

export function mongoUsers(link: MongoLink): Users {
  const users = link.collection<UserDocument>("users");

  return {
    async find(id) {
      const found = await link.run(() => users.findOne({ _id: text(id) }));
      return found === null ? undefined : toUser(found);
    },
    async findMany(ids) {
      if (ids.length === 0) return [];
      const found = await link.run(() => users.find({ _id: { $in: ids.map(text) } }).toArray());
      return found.map(toUser);
    },
    async ensure(id, initial, nowMs) {
      const fields = { presence: "everyone", doNotDisturb: false, admin: false, createdAtMs: nowMs } as const;
      const insert = { $setOnInsert: { ...fields, ...changed(initial) } };
      const options = { upsert: true, returnDocument: "after", includeResultMetadata: true } as const;
      const done = await untilNoDuplicate(() =>
        link.run(() => users.findOneAndUpdate({ _id: text(id) }, insert, options)),
      );
      if (done.value === null) throw new Error("an upsert gave no user");
      return { user: toUser(done.value), created: done.lastErrorObject?.updatedExisting === false };
    },
    async update(id, changes) {
      const fields = changed(changes);
      if (Object.keys(fields).length === 0) return this.find(id);
      const found = await link.run(() =>
        users.findOneAndUpdate({ _id: text(id) }, { $set: fields }, { returnDocument: "after" }),
      );
      return found === null ? undefined : toUser(found);
    },
    async hasAdmin() {
      const found = await link.run(() => users.findOne({ admin: true }, { projection: { _id: 1 } }));
      return found !== null;
    },
    erase: eraseUser(link),
  };
}
