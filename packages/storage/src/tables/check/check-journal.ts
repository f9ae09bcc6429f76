import type { EndedCall, StoredCall } from "@echoo/core";
import { canonicalText } from "../canonical-text.ts";
import type { StoreTables } from "../store-tables.ts";
import type { Findings } from "./findings.ts";
import type { JournalContent } from "./journal-content.ts";

/** How many calls are looked up at once. */
const perLookUp = 100;

/** Calls that have no record yet, for a good reason: they go on, or their record waits in the journal. */
export function pendingCalls(journal: JournalContent): ReadonlySet<string> {
  const pending = new Set<string>();
  for (const { id } of journal.unfinished()) pending.add(id);
  for (const { callId } of journal.waitingRecords()) pending.add(callId);
  return pending;
}

/** The journal against the store: every call that ended has one record, and no user is in two unfinished calls. */
export async function checkJournal(
  journal: JournalContent,
  { tables }: StoreTables,
  pending: ReadonlySet<string>,
  findings: Findings,
): Promise<void> {
  const stored = async (ids: readonly string[]): Promise<ReadonlyMap<string, StoredCall>> => {
    const found = await tables.calls.find(ids.map((id) => [id] as const));
    return new Map(found.map(({ call }) => [call.callId, call]));
  };
  checkEntries(journal, findings);
  checkLocks(journal, findings);
  for (const calls of groups(journal.unfinished())) {
    const records = await stored(calls.map(({ id }) => id));
    for (const { id } of calls) {
      const record = records.get(id);
      // What a client told of a call that goes on is replaced by its record in the end.
      if (record === undefined || record.reportedBy !== undefined) continue;
      findings.add(
        "a call has a record though the journal has it as unfinished",
        "start the server: it ends the call, and the record that is there stands",
        id,
      );
    }
  }
  for (const ended of groups(journal.ended())) {
    const missing = ended.map(({ id }) => id).filter((id) => !pending.has(id));
    const records = await stored(missing);
    for (const id of missing) {
      if (records.has(id)) continue;
      findings.add(
        "a call ended and has no record",
        "its record was lost, as where the journal's disk was full: nothing can bring it back",
        id,
      );
    }
  }
  for (const waiting of groups(journal.waitingRecords())) {
    const records = await stored(waiting.map(({ callId }) => callId));
    for (const record of waiting) {
      const first = records.get(record.callId);
      // Another call may have its id: this one is stored under one of its own. What is to be found out is not compared.
      const isOther = first?.createdAtMs !== record.createdAtMs || "calleeUnknown" in record;
      if (first === undefined || first.reportedBy !== undefined || isOther || isSameRecord(first, record)) continue;
      findings.add("a call has two records that differ", "start the server: the stored one stands", record.callId);
    }
  }
}

/** Entries that were set aside, or will be at the next start. */
function checkEntries(journal: JournalContent, findings: Findings): void {
  for (const { kind, callId, why } of journal.setAside()) {
    findings.add(
      "an entry of the journal was set aside",
      "look at it in the table set_aside of a copy of journal.db; the calls of others are whole",
      `${kind} of ${callId}: ${why}`,
    );
  }
  for (const { kind, callId, why } of journal.useless()) {
    findings.add(
      "nothing can be made of an entry of the journal",
      "start the server: it sets the entry aside, and keeps it",
      `${kind} of ${callId}: ${why}`,
    );
  }
}

/** A user who placed or answered an unfinished call is locked by it, and by no other. */
function checkLocks(journal: JournalContent, findings: Findings): void {
  const locks = new Map<string, string>();
  for (const { id, caller, callee, answeredAtMs } of journal.unfinished()) {
    for (const holder of answeredAtMs === undefined ? [caller] : [caller, callee]) {
      const other = locks.get(holder);
      if (other === undefined) locks.set(holder, id);
      else {
        const remedy = "start the server: both end, or come back, one by one";
        findings.add("somebody is in two unfinished calls at once", remedy, holder, other, id);
      }
    }
  }
}

function isSameRecord(stored: StoredCall, waiting: EndedCall): boolean {
  return canonicalText(stored) === canonicalText(waiting);
}

function* groups<T>(items: Iterable<T>): Iterable<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < perLookUp) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
