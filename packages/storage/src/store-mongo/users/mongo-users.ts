import { inSteps, type Pause, StoreUnavailable, type User, type UserChanges, type Users } from "@echoo/core";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text, textOrAbsent } from "../link/stored-text.ts";
import type { Untold } from "../webhooks/untold.ts";
import { administered } from "./administered.ts";
import { type EraseEvents, eraseUser } from "./erase-user.ts";
import { Erasures } from "./erasures.ts";
import { toUser, type UserDocument } from "./user-document.ts";

/** Looked up in one request. */
const usersPerStep = 250;

interface UserEvents {
  readonly untold: Pick<Untold, "isTelling" | "userCreated">;
  readonly eraseEvents: EraseEvents;
}

/** The changes alone, each named: nothing else of what the caller passes reaches the database. */
function changed(changes: UserChanges) {
  const { displayName, presence, doNotDisturb, proof, admin, lastSeenAtMs, suspended } = changes;
  return {
    ...textOrAbsent("displayName", displayName),
    ...(presence === undefined ? {} : { presence }),
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
    ...(proof === undefined ? {} : { proof }),
    ...(admin === undefined ? {} : { admin }),
    ...(lastSeenAtMs === undefined ? {} : { lastSeenAtMs }),
    ...(suspended === true ? { suspended } : {}),
  };
}

export function mongoUsers(link: MongoLink, pause: Pause, { untold, eraseEvents }: UserEvents): Users {
  const users = link.collection<UserDocument>("users");
  const erasures = new Erasures(link);

  return {
    async find(id) {
      const found = await link.run(() => users.findOne({ _id: text(id) }));
      return found === null ? undefined : toUser(found);
    },
    async findMany(ids) {
      const found: User[] = [];
      await inSteps([...new Set(ids)], usersPerStep, pause, async (some) => {
        const documents = await link.run(() => users.find({ _id: { $in: some.map(text) } }).toArray());
        found.push(...documents.map(toUser));
      });
      return found;
    },
    async ensure(id, initial, nowMs) {
      const fields = { presence: "everyone", doNotDisturb: false, admin: false, createdAtMs: nowMs } as const;
      const mark = untold.isTelling ? ({ untold: true } as const) : {};
      const insert = { $setOnInsert: { ...fields, ...changed(initial), ...mark } };
      const options = { upsert: true, returnDocument: "after", includeResultMetadata: true } as const;
      const done = await untilNoDuplicate(() =>
        link.run(() => users.findOneAndUpdate({ _id: text(id) }, insert, options)),
      );
      if (done.value === null) throw new Error("an upsert gave no user");
      const created = done.lastErrorObject?.updatedExisting === false;
      // An erasure writes its note first and deletes the account afterwards: one of the two sees the other.
      if (created && (await erasures.has(text(id)))) {
        await link.run(() => users.deleteOne({ _id: text(id) }));
        throw new StoreUnavailable(new Error("the account is being erased"));
      }
      const user = toUser(done.value);
      if (created) await untold.userCreated(user);
      return { user, created };
    },
    async update(id, changes) {
      const fields = changed(changes);
      // What is not so is not there: a document looks the same whatever was before.
      const unset = changes.suspended === false ? { $unset: { suspended: true } as const } : {};
      const update = { ...(Object.keys(fields).length === 0 ? {} : { $set: fields }), ...unset };
      if (Object.keys(update).length === 0) return this.find(id);
      const found = await link.run(() =>
        users.findOneAndUpdate({ _id: text(id) }, update, { returnDocument: "after" }),
      );
      return found === null ? undefined : toUser(found);
    },
    async hasAdmin() {
      const found = await link.run(() => users.findOne({ admin: true }, { projection: { _id: 1 } }));
      return found !== null;
    },
    ...administered(link),
    erase: eraseUser(link, erasures, pause, eraseEvents),
    isErasing: (id) => erasures.has(text(id)),
    unfinishedErasures: (limit) => erasures.list(limit),
  };
}
