import assert from "node:assert/strict";
import { test } from "node:test";
import { currentBody } from "@echoo/core";
import { MemoryJournal, Scenario, ScenarioActor } from "@echoo/testkit";

/** When the process before the steady clock died. Its calls have no other times than those of the wall clock. */
const aliveAtMs = Date.UTC(2026, 0, 1, 0, 0, 38);
const abilities =
  '{"acknowledges":true,"reportsConnected":true,"resumes":true,"answersMerged":true,"takesEarlyCandidates":true,"namesCalls":true}';

/** Ann and Bob talk since 00:00:08, as that process wrote it. */
const answered = `{"id":"00000000-0000-4000-8000-000000000001","caller":"ann","callee":"bob","isVideo":true,"createdAtMs":1767225606000,"aliases":[],"glare":false,"reconnects":0,"callerLeg":{"session":"session-1","device":"ann","can":${abilities}},"offer":{"sdp":"ann offers c2"},"callerCandidates":[],"offered":[{"session":"session-2","device":"bob","can":${abilities},"standing":"stopped","held":[]}],"ringingAtMs":1767225606000,"state":"active","answeredAtMs":1767225608000,"calleeLeg":{"session":"session-2","device":"bob","can":${abilities},"provenAtMs":1767225608000},"answer":{"sdp":"bob answers"},"calleeCandidates":[],"connectedAtMs":1767225608000}`;
/** Cleo rings Dan since 00:00:28. */
const ringing = `{"state":"ringing","id":"00000000-0000-4000-8000-000000000002","caller":"cleo","callee":"dan","isVideo":true,"createdAtMs":1767225628000,"expiresAtMs":1767225688000,"aliases":[],"glare":false,"reconnects":0,"callerLeg":{"session":"session-3","device":"cleo","can":${abilities}},"offer":{"sdp":"cleo offers c3"},"callerCandidates":[],"offered":[{"session":"session-4","device":"dan","can":${abilities},"standing":"acknowledged","held":[]}],"ringingAtMs":1767225628000}`;
/** Eve hung up on Fay at 00:00:05. */
const ended = `{"state":"ended","id":"00000000-0000-4000-8000-000000000000","aliases":[],"caller":"eve","callee":"fay","isVideo":true,"endReason":"cancelled","endedAtMs":1767225605000,"answered":false,"callerOnly":false,"devices":[{"user":"eve","device":"eve","session":"session-5","reason":"cancelled"},{"user":"fay","device":"fay","session":"session-6","reason":"cancelled"}]}`;

function oldJournal(): MemoryJournal {
  const journal = new MemoryJournal();
  journal.commit({
    // As an adapter gives what that process wrote.
    live: [answered, ringing].map((body) => ({ callId: JSON.parse(body).id, body: currentBody("live", body, 0) })),
    ended: [
      {
        tombstone: {
          callId: JSON.parse(ended).id,
          body: currentBody("ended", ended, 0),
          expiresAtMs: 1767312005000,
        },
      },
    ],
    samples: [],
    reported: [],
    // As an adapter reads what that process noted: one time for both clocks.
    beat: { atMs: aliveAtMs, steadyMs: aliveAtMs },
  });
  return journal;
}

test("calls of a journal from before the steady clock keep their times and lengths, whatever the clock does now", () => {
  const journal = oldJournal();
  // The clock of a scenario begins 38 s before that process died: it was set back meanwhile.
  const scenario = new Scenario({ journal });
  scenario.clock.jump(7 * 3_600_000);
  scenario.passes(60_000);
  scenario.expect(`
    0s    … | recorded server_restart 30s 00000000-0000-4000-8000-000000000001 | recorded cancelled by cleo 00000000-0000-4000-8000-000000000002
  `);
  const [talk, ring] = journal.records;
  assert.deepEqual(
    [talk?.createdAtMs, talk?.answeredAtMs, talk?.endedAtMs],
    [1_767_225_606_000, 1_767_225_608_000, aliveAtMs],
  );
  assert.deepEqual(
    [ring?.createdAtMs, ring?.ringingAtMs, ring?.endedAtMs],
    [1_767_225_628_000, 1_767_225_628_000, 1_767_225_683_000],
  );
});

test("what ended before the steady clock is not resurrected, and what is created now comes after it", async () => {
  const journal = oldJournal();
  const scenario = new Scenario({ journal });
  const eve = new ScenarioActor(scenario, scenario.device("eve"));
  await eve.joins();
  await eve.offers("fay", { callId: JSON.parse(ended).id, id: "m1" });
  assert.equal(eve.last?.type === "error" && eve.last.code, "call_id_used");
  await eve.offers("fay", { callId: "00000000-0000-4000-8000-000000000009" });
  const [created] = journal.records.map(({ createdAtMs }) => createdAtMs);
  assert.ok(created !== undefined && created > 1_767_225_628_000, String(created));
});
