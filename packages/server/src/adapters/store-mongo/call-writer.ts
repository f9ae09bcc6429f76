import type { EndedCall } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { byTurns } from "./by-turns.ts";
import { type CallDocument, partiesOf, type Report, reportOf, toDocument, toStoredCall } from "./call-document.ts";
import { isDuplicate } from "./mongo-fault.ts";
import type { MongoLink } from "./mongo-link.ts";
import { text } from "./stored-text.ts";
import { upsertAll } from "./upsert-all.ts";

/** A document that another writer has just made may not have reached the majority yet. */
const newest = { readConcern: { level: "local" } } as const;

/** Writes calls. Each change of one that exists is a comparison with what was read, and an exchange. */
export class CallWriter {
  readonly #link: MongoLink;
  readonly #calls: Collection<CallDocument>;

  constructor(link: MongoLink, calls: Collection<CallDocument>) {
    this.#link = link;
    this.#calls = calls;
  }

  /** What the server saw stands for ever; what clients told gives way to it. */
  async record(calls: readonly EndedCall[]): Promise<void> {
    const writes = calls.map((call) => {
      const { _id, ...fields } = toDocument(call);
      // A record has no long texts: its ids and devices have bounds of their own.
      return { write: { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } }, chars: 1000 };
    });
    const created = await upsertAll(this.#link, this.#calls, writes);
    const known = calls.filter((_, position) => !created.has(position));
    if (known.length > 0) await this.#replaceReports(known);
  }

  report(call: EndedCall, reporter: string, shared: boolean): Promise<"created" | "known" | "conflict"> {
    return byTurns(async () => {
      const found = await this.#link.run(() => this.#calls.findOne({ _id: text(call.callId) }, newest));
      if (found === null) return this.#create(toDocument(call, { by: [reporter], shared }));
      if (!isSameCall(found, call) || !partiesOf(found).includes(text(reporter))) return "conflict";
      const told = reportOf(found);
      if (told === undefined) return found.callerOnly && text(reporter) !== found.caller ? "conflict" : "known";
      const report = joined(told, text(reporter), shared);
      if (report === undefined) return "known";
      return (await this.#exchange(found, toDocument(toStoredCall(found), report, found))) ? "known" : undefined;
    });
  }

  async #create(document: CallDocument): Promise<"created" | undefined> {
    try {
      await this.#link.run(() => this.#calls.insertOne(document));
      return "created";
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async #replaceReports(calls: readonly EndedCall[]): Promise<void> {
    const records = new Map(calls.map((call) => [text(call.callId), call]));
    await byTurns(async () => {
      const told: Filter<CallDocument> = { _id: { $in: [...records.keys()] }, reportedBy: { $exists: true } };
      const found = await this.#link.run(() => this.#calls.find(told, newest).toArray());
      let isDone = true;
      for (const earlier of found) {
        const call = records.get(earlier._id);
        if (call && !(await this.#exchange(earlier, toDocument(call, undefined, earlier)))) isDone = false;
      }
      return isDone || undefined;
    });
  }

  /** Puts the next document in the place of the earlier one, unless that has changed since it was read. */
  async #exchange(earlier: CallDocument, next: CallDocument): Promise<boolean> {
    const { _id, viewers, hiddenBy, unseenBy, reportedBy } = earlier;
    const unchanged: Filter<CallDocument> = {
      _id,
      viewers: { $eq: viewers },
      hiddenBy: hiddenBy === undefined ? { $exists: false } : { $eq: hiddenBy },
      unseenBy: unseenBy === undefined ? { $exists: false } : { $eq: unseenBy },
      reportedBy: reportedBy === undefined ? { $exists: false } : { $eq: reportedBy },
    };
    const done = await this.#link.run(() => this.#calls.replaceOne(unchanged, next));
    return done.matchedCount === 1;
  }
}

function isSameCall(found: CallDocument, call: EndedCall): boolean {
  return found.caller === text(call.caller) && found.callee === text(call.callee);
}

/** The report with another one added to it; undefined where that says nothing new. */
function joined(told: Report, reporter: string, shared: boolean): Report | undefined {
  const by = told.by.includes(reporter) ? told.by : [...told.by, reporter];
  const isShared = told.shared || shared || by.length > 1;
  return by.length > told.by.length || isShared !== told.shared ? { by, shared: isShared } : undefined;
}
