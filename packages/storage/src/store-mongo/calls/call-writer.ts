import type { EndedCall } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { upsertAll } from "../link/upsert-all.ts";
import { type CallDocument, partiesOf, type Report, reportOf, toDocument, toStoredCall } from "./call-document.ts";
import type { StatsDocument } from "./mongo-statistics.ts";

type Outcome = "created" | "known" | "conflict" | "full";
type Told = "created" | "joined" | "known" | "conflict";

/** What makes room in one go: more than come, so that what was over the bound before it was one goes in time. */
const roomPerReport = 20;

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

  /** What the server saw stands for ever; what clients told gives way to it. The result: those whose id another call has. */
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

  async report(call: EndedCall, reporter: string, shared: boolean, maxPosted?: number): Promise<Outcome> {
    const outcome = await this.#tell(call, reporter, shared);
    if (maxPosted === undefined || (outcome !== "created" && outcome !== "joined")) return told(outcome);
    const tookBack = await this.#makeRoom(text(reporter), maxPosted);
    return tookBack.includes(text(call.callId)) ? "full" : told(outcome);
  }

  #tell(call: EndedCall, reporter: string, shared: boolean): Promise<Told> {
    return retryOptimistically(async () => {
      const found = await this.#link.run(() => this.#calls.findOne({ _id: text(call.callId) }, newest));
      if (found === null) return this.#create(toDocument(call, { by: [reporter], shared }));
      if (!isSameCall(found, call) || !partiesOf(found).includes(text(reporter))) return "conflict";
      const earlier = reportOf(found);
      if (earlier === undefined) return found.callerOnly && text(reporter) !== found.caller ? "conflict" : "known";
      const report = joined(earlier, text(reporter), shared);
      if (report === undefined) return "known";
      if (!(await this.#exchange(found, toDocument(toStoredCall(found), report, found)))) return undefined;
      return report.by.length > earlier.by.length ? "joined" : "known";
    });
  }

  /** Takes the reporter's word for the oldest calls that are over the bound back; tells which those were. */
  async #makeRoom(reporter: string, maxPosted: number): Promise<readonly string[]> {
    const posted: Filter<CallDocument> = { reportedBy: reporter };
    // The index alone is counted, and no further than there is room to make.
    const over = { skip: maxPosted, limit: roomPerReport };
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

  /** What somebody else told of as well stays theirs alone; of what nobody else told nothing stays. */
  async #takeBack(call: CallDocument, reporter: string): Promise<boolean> {
    const by = (call.reportedBy ?? []).filter((teller) => teller !== reporter);
    if (by.length > 0) return this.#exchange(call, toDocument(toStoredCall(call), { by, shared: false }, call));
    const stats = this.#link.collection<StatsDocument>("call_stats");
    await this.#link.run(() => stats.deleteMany({ callId: call._id }));
    const alone: Filter<CallDocument> = { _id: call._id, reportedBy: { $eq: [reporter] } };
    return (await this.#link.run(() => this.#calls.deleteOne(alone))).deletedCount === 1;
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
        if (!isRecordOf(earlier, call)) others.push(call);
        else if (earlier.reportedBy && !(await this.#exchange(earlier, toDocument(call, undefined, earlier)))) {
          isDone = false;
        }
      }
      return isDone ? others : undefined;
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

function told(outcome: Told): Outcome {
  return outcome === "joined" ? "known" : outcome;
}

function isSameCall(found: CallDocument, call: EndedCall): boolean {
  return found.caller === text(call.caller) && found.callee === text(call.callee);
}

/** Whether what is stored is of this call. */
function isRecordOf(found: CallDocument, call: EndedCall): boolean {
  const parties = [text(call.caller), text(call.callee)];
  return found.reportedBy?.every((one) => parties.includes(one)) ?? found.createdAtMs === call.createdAtMs;
}

/** The report with another one added to it; undefined where that says nothing new. */
function joined(earlier: Report, reporter: string, shared: boolean): Report | undefined {
  const by = earlier.by.includes(reporter) ? earlier.by : [...earlier.by, reporter];
  const isShared = earlier.shared || shared || by.length > 1;
  return by.length > earlier.by.length || isShared !== earlier.shared ? { by, shared: isShared } : undefined;
}
