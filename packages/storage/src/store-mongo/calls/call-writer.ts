import {
  type CallReport,
  type EndedCall,
  ruleOnRecord,
  ruleOnReport,
  type StoredCall,
  withoutReporter,
} from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { recordBounds } from "../../records/record-bounds.ts";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { upsertAll } from "../link/upsert-all.ts";
import { type CallDocument, toDocument, toStoredCall, withStoredTexts } from "./call-document.ts";
import type { ReportDocument } from "./mongo-reports.ts";
import type { StatsDocument } from "./mongo-statistics.ts";

type Outcome = "created" | "known" | "conflict" | "full";
type Told = "created" | "joined" | "known" | "conflict";

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

  /** The result: those whose id another call has. */
  async record(calls: readonly EndedCall[]): Promise<readonly EndedCall[]> {
    const writes = calls.map((call) => {
      const { _id, ...fields } = toDocument(call);
      // A record has no long texts: its ids and devices have bounds of their own.
      return { write: { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } }, chars: 1000 };
    });
    const created = await upsertAll(this.#link, this.#calls, writes);
    const known = calls.filter((_, position) => !created.has(position));
    return known.length > 0 ? this.#replaceReports(known) : [];
  }

  async report(given: CallReport, maxPosted?: number): Promise<Outcome> {
    const report = { ...given, call: withStoredTexts(given.call), reporter: text(given.reporter) };
    const outcome = await this.#tell(report);
    if (maxPosted === undefined || (outcome !== "created" && outcome !== "joined")) return told(outcome);
    const tookBack = await this.#makeRoom(report.reporter, maxPosted);
    return tookBack.includes(report.call.callId) ? "full" : told(outcome);
  }

  #tell(report: CallReport): Promise<Told> {
    return retryOptimistically(async () => {
      const found = await this.#link.run(() => this.#calls.findOne({ _id: report.call.callId }, newest));
      const { outcome, next } = ruleOnReport(found === null ? undefined : toStoredCall(found), report);
      if (next === undefined) return outcome;
      const isDone = found === null ? await this.#create(toDocument(next)) : await this.#exchange(found, next);
      return isDone ? outcome : undefined;
    });
  }

  /** Takes the reporter's word for the oldest calls that are over the bound back; tells which those were. */
  async #makeRoom(reporter: string, maxPosted: number): Promise<readonly string[]> {
    const posted: Filter<CallDocument> = { reportedBy: reporter };
    // The index alone is counted, and no further than there is room to make.
    const over = { skip: maxPosted, limit: recordBounds.roomPerReport };
    const excess = await this.#link.run(() => this.#calls.countDocuments(posted, over));
    if (excess === 0) return [];
    const oldest = await this.#link.run(() =>
      this.#calls.find(posted, newest).sort({ createdAtMs: 1, _id: 1 }).limit(excess).toArray(),
    );
    const tookBack: string[] = [];
    // Where another writer was faster, it or the next report makes the room.
    for (const call of oldest) if (await this.#takeBack(call, reporter)) tookBack.push(call._id);
    return tookBack;
  }

  async #takeBack(call: CallDocument, reporter: string): Promise<boolean> {
    const left = withoutReporter(toStoredCall(call), reporter);
    if (left !== undefined) return this.#exchange(call, left);
    const stats = this.#link.collection<StatsDocument>("call_stats");
    await this.#link.run(() => stats.deleteMany({ callId: call._id }));
    const reports = this.#link.collection<ReportDocument>("call_reports");
    await this.#link.run(() => reports.deleteMany({ callId: call._id }));
    const alone: Filter<CallDocument> = { _id: call._id, reportedBy: { $eq: [reporter] } };
    return (await this.#link.run(() => this.#calls.deleteOne(alone))).deletedCount === 1;
  }

  /** False where it exists. */
  async #create(document: CallDocument): Promise<boolean> {
    try {
      await this.#link.run(() => this.#calls.insertOne(document));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async #replaceReports(calls: readonly EndedCall[]): Promise<readonly EndedCall[]> {
    const records = new Map(calls.map((call) => [text(call.callId), call]));
    return retryOptimistically(async () => {
      const known: Filter<CallDocument> = { _id: { $in: [...records.keys()] } };
      const found = await this.#link.run(() => this.#calls.find(known, newest).toArray());
      const others: EndedCall[] = [];
      let isDone = true;
      for (const earlier of found) {
        const call = records.get(earlier._id);
        if (!call) continue;
        const { outcome, next } = ruleOnRecord(toStoredCall(earlier), withStoredTexts(call));
        if (outcome === "other") others.push(call);
        if (next !== undefined && !(await this.#exchange(earlier, next))) isDone = false;
      }
      return isDone ? others : undefined;
    });
  }

  /** Puts the call in the place of the earlier document, unless that has changed since it was read. */
  async #exchange(earlier: CallDocument, next: StoredCall): Promise<boolean> {
    const { _id, viewers, hiddenBy, unseenBy, reportedBy } = earlier;
    const unchanged: Filter<CallDocument> = {
      _id,
      viewers: { $eq: viewers },
      hiddenBy: hiddenBy === undefined ? { $exists: false } : { $eq: hiddenBy },
      unseenBy: unseenBy === undefined ? { $exists: false } : { $eq: unseenBy },
      reportedBy: reportedBy === undefined ? { $exists: false } : { $eq: reportedBy },
    };
    const done = await this.#link.run(() => this.#calls.replaceOne(unchanged, toDocument(next, earlier)));
    return done.matchedCount === 1;
  }
}

function told(outcome: Told): Outcome {
  return outcome === "joined" ? "known" : outcome;
}
