import assert from "node:assert/strict";
import { StoreUnavailable } from "@echoo/core";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { allSamples } from "./all-samples.ts";
import { historyIds } from "./read-history.ts";
import { sampleBatch } from "./statistics-conformance.ts";

const ann = "+491";
const bob = "+492";

/** What holds however many do it at once, and however much it is. */
export function racesConformance(check: StoreCase): void {
  check(
    "pages hold each call that was there once, while others come before, after and in between",
    async ({ calls }) => {
      const old = Array.from({ length: 30 }, (_, i) => endedCall(`old ${i}`, { createdAtMs: startMs + 10 * (i % 6) }));
      await calls.record(old);
      const seen: string[] = [];
      const adding: Promise<unknown>[] = [];
      for (let cursor: string | undefined, n = 0; n === 0 || cursor !== undefined; n++) {
        adding.push(
          calls.record([-5, 0, 20, 25, 50, 99].map((at) => endedCall(`new ${n} ${at}`, { createdAtMs: startMs + at }))),
        );
        const page = await calls.page({ viewer: ann, limit: 4, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.calls.map(({ call }) => call.callId));
        cursor = page.nextCursor;
        assert.ok(n < 100, "the history never ends");
      }
      await Promise.all(adding);
      assert.equal(new Set(seen).size, seen.length, "a page repeats a call");
      assert.deepEqual(new Set(seen.filter((id) => id.startsWith("old"))), new Set(old.map(({ callId }) => callId)));
    },
  );

  check(
    "of records and reports of one call at once the record stands, and whoever hid it does not see it",
    async ({ calls }) => {
      for (let i = 0; i < 10; i++) {
        const callId = `call ${i}`;
        await Promise.all([
          calls.report(missedCall(callId, { durationSec: 99 }), ann, false),
          calls.record([missedCall(callId)]),
          calls.report(missedCall(callId), bob, false),
          calls.record([missedCall(callId)]),
          calls.report(missedCall(callId, { callee: "+493" }), ann, true),
        ]);
        assert.deepEqual(await calls.find(callId), missedCall(callId));
        assert.deepEqual(await historyIds(calls, "+493"), []);
        const [hidden] = await Promise.all([calls.hide(bob, callId), calls.record([missedCall(callId)])]);
        assert.equal(hidden, true);
      }
      assert.equal((await historyIds(calls, ann)).length, 10);
      assert.deepEqual(await historyIds(calls, bob), []);
      assert.equal(await calls.unseenMissed(bob), 0);
    },
  );

  check("two who report the same call at once both come to see it", async ({ calls }) => {
    for (let i = 0; i < 10; i++) {
      const callId = `call ${i}`;
      const results = await Promise.all([ann, bob].map((who) => calls.report(missedCall(callId), who, false)));
      assert.deepEqual(results.sort(), ["created", "known"]);
      assert.deepEqual(new Set((await calls.find(callId))?.reportedBy), new Set([ann, bob]));
    }
    for (const viewer of [ann, bob]) assert.equal((await historyIds(calls, viewer)).length, 10);
    assert.equal(await calls.unseenMissed(bob), 10);
  });

  check("what is marked as seen at once is counted once", async ({ calls }) => {
    await calls.record(Array.from({ length: 20 }, (_, i) => missedCall(`call ${i}`)));
    const marked = await Promise.all(Array.from({ length: 5 }, () => calls.markSeen(bob, startMs)));
    assert.equal(
      marked.reduce((sum, count) => sum + count),
      20,
    );
  });

  check("a number is registered anew while it is erased, and one of the two wins", async ({ users }) => {
    for (let i = 0; i < 5; i++) {
      await users.ensure(ann, { displayName: "old" }, startMs);
      const anew = users.ensure(ann, { displayName: "new" }, startMs + 1).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailable);
      });
      await Promise.all([users.erase(ann, `deleted:${i}`), anew]);
      const left = await users.find(ann);
      assert.ok(left === undefined || (left.displayName === "new" && left.createdAtMs === startMs + 1));
      await users.erase(ann, `deleted:again ${i}`);
      assert.equal(await users.find(ann), undefined);
    }
  });

  check("a large group is stored whole", async ({ calls, statistics }) => {
    const ids = Array.from({ length: 700 }, (_, i) => `call ${i}`);
    await calls.record(ids.map((callId, i) => endedCall(callId, { createdAtMs: startMs + i })));
    const codec = "x".repeat(20_000);
    await statistics.addSamples(
      ids.map((callId) => ({ ...sampleBatch(callId, ann, "n"), samples: [{ t: startMs, codec }] })),
    );
    assert.deepEqual(await historyIds(calls, ann, { limit: 200 }), ids.toReversed());
    for (const callId of ["call 0", "call 99", "call 100", "call 699"]) {
      assert.equal((await allSamples(statistics, callId, ann))[0]?.samples[0]?.codec, codec);
    }
  });

  check("what is too large is kept whole or refused, and the store goes on", async ({ statistics }) => {
    const said = (callId: string, chars: number) => {
      return { callId, reporter: ann, receivedAtMs: startMs, body: JSON.stringify("x".repeat(chars)) };
    };
    const huge = said("huge", 17 * 1024 * 1024);
    await statistics.putReported([huge]).then(
      async () => assert.equal((await statistics.summaries(["huge"]))[0]?.reported, huge.body),
      (error: unknown) => assert.ok(!(error instanceof StoreUnavailable), "it is taken for a store that is away"),
    );
    const large = said("large", 15 * 1024 * 1024);
    await statistics.putReported([large]);
    assert.equal((await statistics.summaries(["large"]))[0]?.reported, large.body);
  });
}
