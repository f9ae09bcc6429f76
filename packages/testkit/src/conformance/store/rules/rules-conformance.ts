import assert from "node:assert/strict";
import { isMissedBy, type Store, type StoredCall, saidLater } from "@echoo/core";
import { seededRandom } from "../../../seeded-random.ts";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import { readHistory } from "../calls/read-history.ts";
import type { StoreCase } from "../store-case.ts";
import { RuledHistory } from "./ruled-history.ts";

const users = ["+491", "+492", "+493"] as const;
/** Few, so that calls, reports and times meet. */
const callIds = Array.from({ length: 24 }, (_, i) => `call ${i}`);
const moments = 12;
const maxPosted = 5;

type Choose = <T>(from: readonly T[]) => T;

/**
 * Many records and reports of few calls, some of which contradict each other. A rule that a store has to repeat as a
 * query is held to the core's here: whatever happened, a store lists for each viewer what the rule says.
 */
export function rulesConformance(check: StoreCase): void {
  for (const seed of [1, 2, 3, 4]) {
    check(`whoever may see a call finds it, and nobody else, whatever was told of it (seed ${seed})`, async (store) => {
      const random = seededRandom(seed);
      const ruled = new RuledHistory();
      const choose: Choose = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];
      for (let step = 1; step <= 240; step++) {
        await act(store, ruled, choose);
        if (step % 40 === 0) await assertRuled(store, ruled);
      }
      await assertErased(store, ruled);
    });
  }

  check("of what one client says of a call the rule's report stands", async ({ statistics }) => {
    const random = seededRandom(7);
    const stands = new Map<string, { readonly receivedAtMs: number; readonly body: string }>();
    for (let i = 0; i < 200; i++) {
      const [callId, reporter] = [`call ${i % 5}`, users[i % 2] ?? users[0]];
      const said = { receivedAtMs: startMs + Math.floor(random() * 30), body: `{"n":${i}}` };
      await statistics.putReported([{ callId, reporter, ...said }]);
      const key = `${callId} ${reporter}`;
      if (saidLater(stands.get(key)?.receivedAtMs, said.receivedAtMs)) stands.set(key, said);
    }
    const stored = await statistics.summaries([0, 1, 2, 3, 4].map((i) => `call ${i}`));
    const bodies = stored.map(({ callId, reporter, reported }) => [`${callId} ${reporter}`, reported] as const);
    assert.deepEqual(new Map(bodies), new Map([...stands].map(([key, { body }]) => [key, body])));
  });
}

/** The parties that a call has in most of what is told of it; now and then its callee calls itself. */
function partiesIn(callId: string, choose: Choose): { readonly caller: string; readonly callee: string } {
  const at = callIds.indexOf(callId);
  const [caller, callee] = [users[at % 3] ?? users[0], users[(at + 1) % 3] ?? users[1]];
  return choose([
    ...Array.from({ length: 9 }, () => ({ caller, callee })),
    { caller: callee, callee: caller },
    { caller: callee, callee },
    { caller, callee: choose(users) },
  ]);
}

async function act({ calls }: Store, ruled: RuledHistory, choose: Choose): Promise<void> {
  const callId = choose(callIds);
  const parties = partiesIn(callId, choose);
  const createdAtMs = startMs + choose(Array.from({ length: moments }, (_, i) => i));
  const call = choose([endedCall, missedCall, missedCall])(callId, { ...parties, createdAtMs });
  const viewer = choose(users);
  switch (choose(["record", "report", "report", "report", "hide", "mark"])) {
    case "record": {
      const record = choose([false, false, true]) ? { ...call, callerOnly: true as const } : call;
      const others = await calls.record([record]);
      assert.deepEqual(others, ruled.record(record) === "other" ? [record] : []);
      return;
    }
    case "report": {
      // A stranger is refused before a store hears of it, but for what the store alone knows.
      const reporter = choose([parties.caller, parties.callee, ruled.find(callId) ? viewer : parties.caller]);
      const shared = choose([false, false, false, true]);
      const outcome = ruled.report({ call, reporter, shared }, maxPosted);
      assert.equal(await calls.report(call, reporter, shared, maxPosted), outcome);
      return;
    }
    case "hide":
      assert.equal(await calls.hide(viewer, callId), ruled.hide(viewer, callId));
      return;
    case "mark":
      assert.equal(await calls.markSeen(viewer, createdAtMs), ruled.markSeen(viewer, createdAtMs));
  }
}

async function assertRuled({ calls }: Store, ruled: RuledHistory): Promise<void> {
  for (const callId of callIds) assert.deepEqual(await calls.find(callId), ruled.find(callId));
  for (const viewer of users) {
    const history = ruled.history(viewer);
    assert.deepEqual(await readHistory(calls, { viewer, limit: 7 }), history);
    const hidden = await readHistory(calls, { viewer, limit: 7, hidden: true });
    assert.deepEqual(
      hidden.map(({ call }) => call),
      ruled.history(viewer, true).map(({ call }) => call),
    );
    assert.equal(await calls.unseenMissed(viewer), history.filter(({ seen }) => !seen).length);
    const { figures } = await calls.figures({ viewer, sinceMs: 0, limit: 100 });
    assert.deepEqual(
      figures.map(({ createdAtMs, missed }) => ({ createdAtMs, missed })),
      history.map(({ call }) => ({ createdAtMs: call.createdAtMs, missed: isMissedBy(call, viewer) })),
    );
  }
}

/** An erased user is in no call, also of those that they could not see; the others' histories are what they were. */
async function assertErased(store: Store, ruled: RuledHistory): Promise<void> {
  const [erased, ...others] = users;
  const idsOf = (shown: readonly { readonly call: StoredCall }[]) => shown.map(({ call }) => call.callId);
  await store.users.erase(erased, "deleted:1");
  for (const callId of callIds) {
    const call = await store.calls.find(callId);
    assert.ok(call === undefined || !JSON.stringify(call).includes(erased), JSON.stringify(call));
  }
  assert.deepEqual(await readHistory(store.calls, { viewer: erased, limit: 7 }), []);
  for (const viewer of others) {
    assert.deepEqual(idsOf(await readHistory(store.calls, { viewer, limit: 7 })), idsOf(ruled.history(viewer)));
  }
}
