import { endedCall, realClock } from "@echoo/testkit";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";

/**
 * Commits without end, from the given number on, and writes each number to stdout once its commit has returned.
 * The test kills it in the middle.
 */
const [file = "", from = "0"] = process.argv.slice(2);
const journal = openSqliteJournal({ clock: realClock, file });
const sdp = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n".repeat(300);

for (let i = Number(from); ; i++) {
  const callId = `call ${i}`;
  const ended = { tombstone: { callId, body: "{}", expiresAtMs: Number.MAX_SAFE_INTEGER }, record: endedCall(callId) };
  const live = [{ callId: "live", body: JSON.stringify({ i, sdp }) }];
  journal.commit({ live, ended: [ended], samples: [], reported: [] });
  // Waited for: a pipe that a busy reader leaves full refuses what is written to it at once.
  await new Promise<void>((resolve) => void process.stdout.write(`${i}\n`, () => resolve()));
}
