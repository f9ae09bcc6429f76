import { writeSync } from "node:fs";
import { JournalUnavailable } from "@echoo/core";
import { endedCall, realClock } from "@echoo/testkit";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";

/** Commits until the disk is full, which its starter arranges, and tells what came of it. */
const journal = openSqliteJournal({ clock: realClock, file: process.argv[2] ?? "" });
let refused = 0;
let committed = 0;
for (let i = 0; refused < 3 && i < 100_000; i++) {
  const callId = `call ${i}`;
  const ended = [{ tombstone: { callId, body: "{}", expiresAtMs: 1e15 }, record: endedCall(callId) }];
  try {
    journal.commit({ live: [{ callId: "live", body: "x".repeat(10_000) }], ended, samples: [], reported: [] });
    committed++;
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    refused++;
  }
}
const readable = journal.peek(100_000)?.records.length;
writeSync(1, JSON.stringify({ committed, refused, readable, pending: journal.pending().records }));
process.exit(0);
