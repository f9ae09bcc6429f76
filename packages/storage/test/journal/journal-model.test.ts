import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { endedCall, FakeClock } from "@echoo/testkit";
import fc from "fast-check";
import type { OpenJournal } from "../../src/journal/open-journal.ts";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const callId = fc.constantFrom("a", "b", "c", "d");

const step = fc.oneof(
  fc.record({
    kind: fc.constant("commit" as const),
    live: fc.array(callId, { maxLength: 3 }),
    changed: fc.array(callId, { maxLength: 3 }),
    ended: fc.array(callId, { maxLength: 3 }),
    samples: fc.nat({ max: 2 }),
  }),
  fc.record({ kind: fc.constant("drain" as const), entries: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant("crash" as const) }),
  fc.record({ kind: fc.constant("erase" as const), user: fc.constantFrom("user of a", "user of b") }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a journal should hold, in plain maps and lists. */
class Model {
  readonly live = new Map<string, string>();
  /** How many changes each call has since its body. */
  readonly #changes = new Map<string, number>();
  queue: { readonly caller?: string; readonly batch?: string }[] = [];
  #commits = 0;

  commit({ live, changed, ended, samples }: Extract<Step, { kind: "commit" }>) {
    const number = ++this.#commits;
    for (const id of live) {
      this.live.set(id, `{"commit":${number}}`);
      this.#changes.set(id, 0);
    }
    const changes = changed.flatMap((id) => this.#change(id, number));
    for (const id of ended) this.live.delete(id);
    this.queue.push(...ended.map((id) => ({ caller: `user of ${id}` })));
    const batches = Array.from({ length: samples }, (_, i) => `${number}.${i}`);
    this.queue.push(...batches.map((batch) => ({ batch })));
    return {
      live: [...live.map((id) => ({ callId: id, body: `{"commit":${number}}` })), ...changes],
      ended: ended.map((id) => ({
        tombstone: { callId: id, body: "{}", expiresAtMs: 1e15 },
        record: endedCall(id, { caller: `user of ${id}` }),
      })),
      samples: batches.map((batch) => ({ callId: "a", reporter: "+492", batch, receivedAtMs: 1, samples: [] })),
      reported: [],
    };
  }

  /** Only a call that is there changes. */
  #change(callId: string, commit: number) {
    if (!this.live.has(callId)) return [];
    const number = (this.#changes.get(callId) ?? 0) + 1;
    this.#changes.set(callId, number);
    this.live.set(callId, `{"commit":${commit},"changes":${number}}`);
    const change = JSON.stringify({ set: { commit, changes: number } });
    return [{ callId, number, change }];
  }

  erase(user: string): void {
    this.queue = this.queue.map((entry) => (entry.caller === user ? { caller: "deleted:1" } : entry));
  }

  check(journal: OpenJournal): void {
    assert.deepEqual(new Map([...journal.load().live].map(({ callId: id, body }) => [id, body])), this.live);
    const group = journal.peek(1000);
    const callers = this.queue.flatMap(({ caller }) => caller ?? []);
    const batches = this.queue.flatMap(({ batch }) => batch ?? []);
    assert.deepEqual(group?.records.map(({ caller }) => caller) ?? [], callers);
    assert.deepEqual(group?.samples.map(({ batch }) => batch) ?? [], batches);
    const { records, samples } = journal.pending();
    assert.deepEqual({ records, samples }, { records: callers.length, samples: batches.length });
  }
}

test("a journal holds what a plain model of it holds, through any commits, drains, erasures and crashes", async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    const folder = temporaryFolder();
    const clock = new FakeClock();
    const open = () => openSqliteJournal({ file: join(folder.path, "journal.db"), clock });
    const opened = [open()];
    const model = new Model();
    try {
      for (const taken of steps) {
        const journal = opened.at(-1) as OpenJournal;
        if (taken.kind === "commit") journal.commit(model.commit(taken));
        else if (taken.kind === "crash") opened.push(open());
        else if (taken.kind === "erase") {
          journal.replaceUser(taken.user, "deleted:1");
          model.erase(taken.user);
        } else {
          const group = journal.peek(taken.entries);
          if (group) journal.drop(group.throughSeq);
          model.queue.splice(0, taken.entries);
        }
        model.check(opened.at(-1) as OpenJournal);
      }
    } finally {
      for (const journal of opened) await journal.close();
      folder.remove();
    }
  });
  await fc.assert(property, { numRuns: 40 });
});
