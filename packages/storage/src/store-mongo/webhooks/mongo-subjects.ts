import type { WebhookSubject } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { subjectIndex } from "../../webhooks/subject-index.ts";
import type { SubjectChange, SubjectKey, SubjectPage, SubjectTable } from "../../webhooks/subject-table.ts";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

export interface SubjectDocument extends Omit<WebhookSubject, "uid"> {
  readonly _id: string;
  /** Rises with each change: of two at once one finds another than it has read. */
  readonly revision: number;
  readonly due: readonly { readonly webhook: string; readonly dueAtMs: number }[];
  readonly eventCount: number;
  readonly waiting: number;
  readonly parked: number;
  readonly sweepAtMs?: number;
}

export function toSubject(document: SubjectDocument): WebhookSubject {
  const { _id: uid, kind, of, parties, lastSequence, events, cursors, changedAtMs } = document;
  return { uid, kind, of, parties, lastSequence, events, cursors, changedAtMs };
}

export function toSubjectDocument(subject: WebhookSubject, revision: number): SubjectDocument {
  const { uid: _id, kind, of, parties, lastSequence, events, cursors, changedAtMs } = subject;
  const { events: eventCount, waiting, parked, due, sweepAtMs } = subjectIndex(subject);
  const told = events.map((event) => ({ ...event, key: text(event.key), data: text(event.data) }));
  const content = { kind, of: text(of), parties: parties.map(text), lastSequence, events: told, cursors, changedAtMs };
  const found = { due, eventCount, waiting, parked, ...(sweepAtMs === undefined ? {} : { sweepAtMs }) };
  return { _id, revision, ...content, ...found };
}

/** Another node may have written what is looked for just now. */
const newest = { readConcern: { level: "local" } } as const;

const conditions = {
  waiting: { waiting: { $gt: 0 } },
  parked: { parked: { $gt: 0 } },
  all: { eventCount: { $gt: 0 } },
} as const;
const delivered = { eventCount: { $gt: 0 }, waiting: 0, parked: 0 };

/** Subjects in a collection, one document each: whatever happens to one is one step. */
export class MongoSubjects implements SubjectTable {
  readonly #link: MongoLink;
  readonly #subjects: Collection<SubjectDocument>;

  constructor(link: MongoLink) {
    this.#link = link;
    this.#subjects = link.collection("webhook_subjects");
  }

  async find(key: SubjectKey): Promise<WebhookSubject | undefined> {
    const found = await this.#document(key);
    return found && toSubject(found);
  }

  async change(key: SubjectKey, change: SubjectChange): Promise<WebhookSubject | undefined> {
    const done = await retryOptimistically(async () => {
      const found = await this.#document(key);
      const now = found && toSubject(found);
      const next = change(now);
      if (next === now || (await this.#write(found, next))) return { next };
      return undefined;
    });
    return done.next;
  }

  due(webhook: string, nowMs: number, limit: number) {
    const isDue = { due: { $elemMatch: { webhook: text(webhook), dueAtMs: { $lte: nowMs } } } };
    return this.#list(isDue, {}, limit);
  }

  ofParty(user: string, limit: number) {
    return this.#list({ parties: text(user) }, {}, limit);
  }

  page({ standing, sinceMs, after }: SubjectPage, limit: number) {
    const from =
      after === undefined
        ? { changedAtMs: { $gte: sinceMs } }
        : {
            changedAtMs: { $gte: after.changedAtMs },
            $or: [{ changedAtMs: { $gt: after.changedAtMs } }, { _id: { $gt: after.uid } }],
          };
    return this.#list({ ...conditions[standing], ...from }, { changedAtMs: 1, _id: 1 }, limit);
  }

  newest(standing: SubjectPage["standing"], limit: number) {
    return this.#list(conditions[standing], { changedAtMs: -1, _id: -1 }, limit);
  }

  sweepable(nowMs: number, limit: number) {
    return this.#list({ sweepAtMs: { $lte: nowMs } }, { sweepAtMs: 1 }, limit);
  }

  async expendable(limit: number) {
    const byAge = { changedAtMs: 1, _id: 1 } as const;
    for (const which of [delivered, conditions.parked]) {
      const found = await this.#list(which, byAge, limit);
      if (found.length > 0) return found;
    }
    return this.#list(conditions.all, byAge, limit);
  }

  async sums() {
    const sum = async (which: Filter<SubjectDocument>, of: "eventCount" | "waiting" | "parked") => {
      const stages = [{ $match: which }, { $group: { _id: null, n: { $sum: `$${of}` } } }];
      const [found] = await this.#link.run(() => this.#subjects.aggregate<{ n: number }>(stages).toArray());
      return found?.n ?? 0;
    };
    const [events, waiting, parked] = await Promise.all([
      sum(conditions.all, "eventCount"),
      sum(conditions.waiting, "waiting"),
      sum(conditions.parked, "parked"),
    ]);
    return { events, waiting, parked };
  }

  async #document(key: SubjectKey): Promise<SubjectDocument | undefined> {
    const which = "uid" in key ? { _id: key.uid } : { kind: key.kind, of: text(key.of) };
    return (await this.#link.run(() => this.#subjects.findOne(which, newest))) ?? undefined;
  }

  async #write(found: SubjectDocument | undefined, next: WebhookSubject | undefined): Promise<boolean> {
    const same = { _id: found?._id ?? "", revision: found?.revision ?? 0 };
    try {
      if (next === undefined) return (await this.#link.run(() => this.#subjects.deleteOne(same))).deletedCount === 1;
      const document = toSubjectDocument(next, same.revision + 1);
      if (found === undefined) await this.#link.run(() => this.#subjects.insertOne(document));
      else return (await this.#link.run(() => this.#subjects.replaceOne(same, document))).matchedCount === 1;
      return true;
    } catch (error) {
      // Another node told of the same call, or account, for the first time.
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async #list(
    which: Filter<SubjectDocument>,
    sort: Readonly<Record<string, 1 | -1>>,
    limit: number,
  ): Promise<readonly WebhookSubject[]> {
    const found = await this.#link.run(() => this.#subjects.find(which, newest).sort(sort).limit(limit).toArray());
    return found.map(toSubject);
  }
}
