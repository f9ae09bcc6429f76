import type { EndedCall, Journal, JournalBatch, TombstoneEntry } from "@echoo/core";
import { endedCall, startMs } from "../ended-call.ts";

/** A batch with what is given and nothing else. */
export function journalBatch(parts: Partial<JournalBatch>): JournalBatch {
  return { live: [], ended: [], samples: [], reported: [], ...parts };
}

export function tombstone(callId: string, expiresAtMs = startMs + 86_400_000): TombstoneEntry {
  return { callId, body: JSON.stringify({ state: "ended", id: callId, caller: "+491", callee: "+492" }), expiresAtMs };
}

/** A call that ended in this batch, with its record. */
export function endedEntry(callId: string, changes: Partial<EndedCall> = {}) {
  return { tombstone: tombstone(callId), record: endedCall(callId, changes) };
}

/** What a journal loads, read to the end, but for how much became of each call since its body was written. */
export function loaded(journal: Journal) {
  const { live, ended, ...rest } = journal.load();
  return { live: [...live].map(({ callId, body }) => ({ callId, body })), ended: [...ended], ...rest };
}
