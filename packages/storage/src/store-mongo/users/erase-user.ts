import { charsPerStep, createPacer, type Pause } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { replaceUser } from "../../records/replace-user.ts";
import type { CallDocument } from "../calls/call-document.ts";
import type { ReportDocument } from "../calls/mongo-reports.ts";
import type { SampleDocument, StatsDocument } from "../calls/mongo-statistics.ts";
import { eachDocument } from "../link/each-document.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import type { Erasures } from "./erasures.ts";

/** How many documents change in one request, so that a long history takes many short ones. */
const perStep = 200;
/** A party's report of a call may be long: so few of them are held at once. */
const saidPerBatch = 20;

/** Takes the number out of the events, and tells of the erasure. */
export type EraseEvents = (id: string, replacement: string) => Promise<void>;

interface Keyed {
  readonly _id: string;
}

/** What of a user's account stands in the collections of lists. */
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

/** The account itself: without it no client can speak as this user. */
async function dropAccount(link: MongoLink, id: string): Promise<void> {
  await link.run(() => link.collection<Keyed>("users").deleteOne({ _id: id }));
  await link.run(() => link.collection("tokens").deleteMany({ userId: id }));
  await link.run(() => link.collection("codes").deleteMany({ userId: id }));
  await link.run(() => link.collection("push_devices").deleteMany({ userId: id }));
}

/** What belongs to the account alone, and its place on the lists of others. */
async function dropOwn(link: MongoLink, id: string): Promise<void> {
  for (const name of ["contacts", "blocks"] as const) {
    const lists = link.collection<ListedUsers>(name);
    await link.run(() => lists.deleteOne({ _id: id }));
    await inSteps(link, lists, { "list.user": id }, (ids) =>
      link.run(() => lists.updateMany({ _id: { $in: [...ids] } }, { $pull: { list: { user: id } } })),
    );
  }
  const stats = link.collection<StatsDocument>("call_stats");
  const samples = link.collection<SampleDocument>("call_samples");
  const reports = link.collection<ReportDocument>("call_reports");
  const drop = (ids: readonly string[]) => ({ _id: { $in: [...ids] } });
  await inSteps(link, stats, { reporter: id }, (ids) => link.run(() => stats.deleteMany(drop(ids))));
  await inSteps(link, reports, { reporter: id }, (ids) => link.run(() => reports.deleteMany(drop(ids))));
  await inSteps(link, samples, { reporter: id }, (ids) => link.run(() => samples.deleteMany(drop(ids))));
}

/** Writes the replacement for an account into its calls. */
class Rewriting {
  readonly #link: MongoLink;
  readonly #calls: Collection<CallDocument>;
  readonly #stats: Collection<StatsDocument>;
  readonly #pace: (chars: number) => Promise<void>;

  constructor(link: MongoLink, pause: Pause) {
    this.#link = link;
    this.#calls = link.collection("calls");
    this.#stats = link.collection("call_stats");
    this.#pace = createPacer(pause, charsPerStep);
  }

  async all(id: string, replacement: string): Promise<void> {
    for (const place of ["viewers", "hiddenBy", "unshownTo"] as const) {
      await inSteps(this.#link, this.#calls, { [place]: id }, (ids) => this.#some(ids, id, replacement));
    }
  }

  /** These calls; the account's view of them goes last, since by that they are found. */
  async #some(ids: readonly string[], id: string, replacement: string): Promise<void> {
    const _id = { $in: [...ids] };
    const party = (name: "caller" | "callee", device: string) => ({
      updateMany: {
        filter: { _id, [name]: id },
        update: {
          $set: { [name]: replacement },
          $unset: { [device]: true as const, [`server.${name}Client`]: true as const },
        },
      },
    });
    await this.#link.run(() =>
      this.#calls.bulkWrite([
        party("caller", "callerDevice"),
        party("callee", "calleeDevice"),
        { updateMany: { filter: { _id, endedBy: id }, update: { $set: { endedBy: replacement } } } },
        { updateMany: { filter: { _id, unseenBy: id }, update: { $unset: { unseenBy: true } } } },
        { updateMany: { filter: { _id, reportedBy: id }, update: { $set: { "reportedBy.$": replacement } } } },
      ]),
    );
    await this.#retell(ids, id, replacement);
    const views = { viewers: id, hiddenBy: id, unshownTo: id };
    await this.#link.run(() => this.#calls.updateMany({ _id }, { $pull: views }));
  }

  /** What the other party said of these calls. */
  async #retell(callIds: readonly string[], id: string, replacement: string): Promise<void> {
    const told: Filter<StatsDocument> = { callId: { $in: [...callIds] }, reported: { $exists: true } };
    const cursor = this.#stats.find(told, { batchSize: saidPerBatch });
    await eachDocument(this.#link, cursor, async ({ _id, reported = "" }) => {
      const renamed = replaceUser(reported, id, replacement);
      const update = { $set: { reported: renamed } };
      // A report that came in between is a later one, and passed the erasure on its way here.
      if (renamed !== reported) await this.#link.run(() => this.#stats.updateOne({ _id, reported }, update));
      await this.#pace(reported.length);
    });
  }
}

/**
 * A note of the erasure comes first, then the account goes at once: until the erasure is whole no user gets the number,
 * nor what is left of its history. Then the rest goes step by step, and the note at last. It can be begun again.
 */
export function eraseUser(
  link: MongoLink,
  erasures: Erasures,
  pause: Pause,
  eraseEvents: EraseEvents,
): (id: string, replacement: string) => Promise<void> {
  return async (givenId, givenReplacement) => {
    const [id, given] = [text(givenId), text(givenReplacement)];
    if (id === given) throw new RangeError("an account cannot be replaced by itself");
    const replacement = await erasures.begin(id, given);
    await dropAccount(link, id);
    await dropOwn(link, id);
    await new Rewriting(link, pause).all(id, replacement);
    // A process that was creating it and died before it looked for the note has left it half made.
    await dropAccount(link, id);
    await eraseEvents(id, replacement);
    await erasures.end(id);
  };
}
