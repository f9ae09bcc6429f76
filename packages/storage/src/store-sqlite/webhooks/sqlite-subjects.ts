import type { WebhookFact, WebhookSubject } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { withFact } from "../../webhooks/subject.ts";
import { subjectIndex } from "../../webhooks/subject-index.ts";
import type { SubjectChange, SubjectKey, SubjectPage, SubjectTable } from "../../webhooks/subject-table.ts";
import { orNull } from "../row-values.ts";

export interface SubjectRow {
  readonly uid: string;
  readonly kind: WebhookSubject["kind"];
  readonly of: string;
  readonly body: string;
}

export function toSubject({ uid, kind, of, body }: SubjectRow): WebhookSubject {
  return { uid, kind, of, ...(JSON.parse(body) as Omit<WebhookSubject, "uid" | "kind" | "of">) };
}

const columns = "s.uid, s.kind, s.of, s.body";
const conditions = { waiting: "waiting > 0", parked: "parked > 0", all: "events > 0" } as const;

/** Subjects in the file, each whole as JSON, with tables beside it that it is found by. */
export class SqliteSubjects implements SubjectTable {
  readonly #file: SqliteFile;
  readonly #sql;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#sql = statements(file);
  }

  find(key: SubjectKey): Promise<WebhookSubject | undefined> {
    return this.#later(() => this.#find(key));
  }

  change(key: SubjectKey, change: SubjectChange): Promise<WebhookSubject | undefined> {
    return this.#later(() => this.#file.transaction(() => this.#change(key, change)));
  }

  /** Inside a transaction of what it tells of: neither comes to pass without the other. */
  announceNow(fact: WebhookFact): void {
    const webhooks = this.#sql.webhooks.all().map(({ id }) => id);
    if (webhooks.length > 0) this.#change(fact, (now) => withFact(now, fact, webhooks));
  }

  /** Of a copy: in place of whichever there is. */
  write(subject: WebhookSubject): void {
    const { uid, kind, of, ...rest } = subject;
    const { events, waiting, parked, sweepAtMs, due } = subjectIndex(subject);
    const figures = [subject.changedAtMs, events, waiting, parked, orNull(sweepAtMs)];
    this.#sql.put.run(uid, kind, of, JSON.stringify(rest), ...figures);
    this.#dropIndex(uid);
    for (const { webhook, dueAtMs } of due) this.#sql.putDue.run(webhook, dueAtMs, uid);
    for (const party of new Set(subject.parties)) this.#sql.putParty.run(party, uid);
  }

  due(webhook: string, nowMs: number, limit: number) {
    return this.#later(() => this.#sql.due.all(webhook, nowMs, limit).map(toSubject));
  }

  ofParty(user: string, limit: number) {
    return this.#later(() => this.#sql.ofParty.all(user, limit).map(toSubject));
  }

  page({ standing, sinceMs, after }: SubjectPage, limit: number) {
    const [fromMs, uid] = after === undefined ? [sinceMs, ""] : [after.changedAtMs, after.uid];
    return this.#later(() => this.#sql.page[standing].all(fromMs, uid, limit).map(toSubject));
  }

  newest(standing: SubjectPage["standing"], limit: number) {
    return this.#later(() => this.#sql.newest[standing].all(limit).map(toSubject));
  }

  sweepable(nowMs: number, limit: number) {
    return this.#later(() => this.#sql.sweepable.all(nowMs, limit).map(toSubject));
  }

  expendable(limit: number) {
    return this.#later(() => {
      const delivered = this.#sql.delivered.all(limit);
      const parked = delivered.length > 0 ? delivered : this.#sql.page.parked.all(0, "", limit);
      return (parked.length > 0 ? parked : this.#sql.page.all.all(0, "", limit)).map(toSubject);
    });
  }

  sums() {
    return this.#later(() => {
      const sum = (of: "events" | "waiting" | "parked") => this.#sql.sums[of].get()?.n ?? 0;
      return { events: sum("events"), waiting: sum("waiting"), parked: sum("parked") };
    });
  }

  #find(key: SubjectKey): WebhookSubject | undefined {
    const row = "uid" in key ? this.#sql.byUid.get(key.uid) : this.#sql.byOf.get(key.kind, key.of);
    return row && toSubject(row);
  }

  #change(key: SubjectKey, change: SubjectChange): WebhookSubject | undefined {
    const now = this.#find(key);
    const next = change(now);
    if (next === now) return now;
    if (next !== undefined) this.write(next);
    else if (now !== undefined) {
      this.#sql.drop.run(now.uid);
      this.#dropIndex(now.uid);
    }
    return next;
  }

  #dropIndex(uid: string): void {
    this.#sql.dropDue.run(uid);
    this.#sql.dropParties.run(uid);
  }

  /** What a statement throws is a rejection to the callers of the port. */
  async #later<T>(run: () => T): Promise<T> {
    return run();
  }
}

function statements(file: SqliteFile) {
  const select = (rest: string) => file.prepare<SubjectRow>(`SELECT ${columns} FROM webhook_subjects s ${rest}`);
  const page = (standing: SubjectPage["standing"]) =>
    select(`WHERE ${conditions[standing]} AND (changed_at_ms, uid) > (?, ?) ORDER BY changed_at_ms, uid LIMIT ?`);
  const newest = (standing: SubjectPage["standing"]) =>
    select(`WHERE ${conditions[standing]} AND changed_at_ms >= 0 ORDER BY changed_at_ms DESC, uid DESC LIMIT ?`);
  const sum = (of: "events" | "waiting" | "parked") =>
    file.prepare<{ n: number | null }>(
      `SELECT sum(${of}) AS n FROM webhook_subjects WHERE ${of} > 0 AND changed_at_ms >= 0`,
    );
  return {
    webhooks: file.prepare<{ id: string }>("SELECT id FROM webhooks WHERE id > '' ORDER BY id"),
    byUid: select("WHERE uid = ?"),
    byOf: select("WHERE kind = ? AND of = ?"),
    put: file.prepare(
      `INSERT INTO webhook_subjects (uid, kind, of, body, changed_at_ms, events, waiting, parked, sweep_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET of = excluded.of, body = excluded.body,
         changed_at_ms = excluded.changed_at_ms, events = excluded.events, waiting = excluded.waiting,
         parked = excluded.parked, sweep_at_ms = excluded.sweep_at_ms`,
    ),
    drop: file.prepare("DELETE FROM webhook_subjects WHERE uid = ?"),
    putDue: file.prepare("INSERT INTO webhook_due (webhook, due_at_ms, uid) VALUES (?, ?, ?)"),
    dropDue: file.prepare("DELETE FROM webhook_due WHERE uid = ?"),
    putParty: file.prepare("INSERT INTO webhook_parties (party, uid) VALUES (?, ?)"),
    dropParties: file.prepare("DELETE FROM webhook_parties WHERE uid = ?"),
    due: file.prepare<SubjectRow>(
      `SELECT ${columns} FROM webhook_due d CROSS JOIN webhook_subjects s ON s.uid = d.uid
       WHERE d.webhook = ? AND d.due_at_ms <= ? ORDER BY d.due_at_ms, d.uid LIMIT ?`,
    ),
    ofParty: file.prepare<SubjectRow>(
      `SELECT ${columns} FROM webhook_parties p CROSS JOIN webhook_subjects s ON s.uid = p.uid WHERE p.party = ? LIMIT ?`,
    ),
    page: { waiting: page("waiting"), parked: page("parked"), all: page("all") },
    newest: { waiting: newest("waiting"), parked: newest("parked"), all: newest("all") },
    sweepable: select("WHERE sweep_at_ms <= ? ORDER BY sweep_at_ms LIMIT ?"),
    delivered: select(
      "WHERE events > 0 AND waiting = 0 AND parked = 0 AND changed_at_ms >= 0 ORDER BY changed_at_ms, uid LIMIT ?",
    ),
    sums: { events: sum("events"), waiting: sum("waiting"), parked: sum("parked") },
  };
}
