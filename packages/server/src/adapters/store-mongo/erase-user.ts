import type { Collection, Filter } from "mongodb";
import { replaceUser } from "../../records/replace-user.ts";
import type { CallDocument } from "./call-document.ts";
import type { MongoLink } from "./mongo-link.ts";
import type { SampleDocument, StatsDocument } from "./mongo-statistics.ts";
import { text } from "./stored-text.ts";

/** How many documents change in one request, so that a long history takes many short ones. */
const perStep = 200;

interface Keyed {
  readonly _id: string;
}

/** What of somebody's account stands in the collections of lists. */
interface ListedUsers extends Keyed {
  readonly list: readonly { readonly user: string }[];
}

/** Changes the documents of the filter, a few at a time, until there are none: the change must take them out of it. */
async function inSteps<T extends Keyed>(
  link: MongoLink,
  collection: Collection<T>,
  filter: Filter<T>,
  change: (ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const found = await link.run(() =>
      collection.find<Keyed>(filter, { projection: { _id: 1 }, limit: perStep }).toArray(),
    );
    if (found.length === 0) return;
    await change(found.map(({ _id }) => _id));
  }
}

/** What belongs to the account alone, and its place on the lists of others. */
async function dropOwn(link: MongoLink, id: string): Promise<void> {
  const users = link.collection<Keyed>("users");
  const codes = link.collection("codes");
  const tokens = link.collection("tokens");
  await link.run(() => users.deleteOne({ _id: id }));
  await link.run(() => tokens.deleteMany({ userId: id }));
  await link.run(() => codes.deleteMany({ userId: id }));
  for (const name of ["contacts", "blocks"] as const) {
    const lists = link.collection<ListedUsers>(name);
    await link.run(() => lists.deleteOne({ _id: id }));
    await inSteps(link, lists, { "list.user": id }, (ids) =>
      link.run(() => lists.updateMany({ _id: { $in: [...ids] } }, { $pull: { list: { user: id } } })),
    );
  }
  const stats = link.collection<StatsDocument>("call_stats");
  const samples = link.collection<SampleDocument>("call_samples");
  const drop = (ids: readonly string[]) => ({ _id: { $in: [...ids] } });
  await inSteps(link, stats, { reporter: id }, (ids) => link.run(() => stats.deleteMany(drop(ids))));
  await inSteps(link, samples, { reporter: id }, (ids) => link.run(() => samples.deleteMany(drop(ids))));
}

/** Writes the replacement into what the other party said of these calls. */
async function retell(link: MongoLink, callIds: readonly string[], id: string, replacement: string): Promise<void> {
  const stats = link.collection<StatsDocument>("call_stats");
  const said = await link.run(() =>
    stats.find({ callId: { $in: [...callIds] }, reported: { $exists: true } }).toArray(),
  );
  for (const { _id, reported = "" } of said) {
    const renamed = replaceUser(reported, id, replacement);
    // A report that came in between is a later one, and went past whoever erases on its way here.
    if (renamed !== reported) await link.run(() => stats.updateOne({ _id, reported }, { $set: { reported: renamed } }));
  }
}

/** Writes the replacement for the number in these calls; its view of them goes last, since by that they are found. */
async function rewrite(link: MongoLink, ids: readonly string[], id: string, replacement: string): Promise<void> {
  const calls = link.collection<CallDocument>("calls");
  const _id = { $in: [...ids] };
  const replaced = (party: "caller" | "callee") => ({ $set: { [party]: replacement } });
  await link.run(() =>
    calls.bulkWrite([
      {
        updateMany: { filter: { _id, caller: id }, update: { ...replaced("caller"), $unset: { callerDevice: true } } },
      },
      {
        updateMany: { filter: { _id, callee: id }, update: { ...replaced("callee"), $unset: { calleeDevice: true } } },
      },
      { updateMany: { filter: { _id, endedBy: id }, update: { $set: { endedBy: replacement } } } },
      { updateMany: { filter: { _id, unseenBy: id }, update: { $unset: { unseenBy: true } } } },
      { updateMany: { filter: { _id, reportedBy: id }, update: { $set: { "reportedBy.$": replacement } } } },
    ]),
  );
  await retell(link, ids, id, replacement);
  const views = { viewers: id, hiddenBy: id, unshownTo: id };
  await link.run(() => calls.updateMany({ _id }, { $pull: views }));
}

/** The account goes first and at once; its number in calls is replaced step by step, and can be begun again. */
export function eraseUser(link: MongoLink): (id: string, replacement: string) => Promise<void> {
  return async (givenId, givenReplacement) => {
    const [id, replacement] = [text(givenId), text(givenReplacement)];
    if (id === replacement) throw new RangeError("an account cannot be replaced by itself");
    await dropOwn(link, id);
    const calls = link.collection<CallDocument>("calls");
    for (const place of ["viewers", "hiddenBy", "unshownTo"] as const) {
      await inSteps(link, calls, { [place]: id }, (ids) => rewrite(link, ids, id, replacement));
    }
  };
}
