import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits, type ServerMessage } from "@echoo/protocol";
import fc from "fast-check";
import { type QueuedMessage, ResumeQueue } from "../../src/engine/sessions/resume-queue.ts";

const chat: ServerMessage = { type: "chat", callId: "c", from: "ann", to: "bob", message: "hello" };

function filled(count: number, chars: number): ResumeQueue {
  const queue = new ResumeQueue();
  for (let i = 0; i < count; i += 1) queue.measured(queue.add(chat, 0), chars);
  return queue;
}

/** What the queue is to hold, by the promise alone: the newest messages that fit, and none that was confirmed. */
class ExpectedQueue {
  readonly #chars: number[] = [];
  /** The last message that is not kept any more. */
  #gone = 0;

  added(): void {
    this.#chars.push(0);
  }

  written(seq: number, chars: number): void {
    if (seq <= this.#gone) return;
    this.#chars[seq - 1] = chars;
    while (!this.#fits() && this.#gone < this.#chars.length - 1) this.#gone += 1;
  }

  confirmed(seq: number): void {
    this.#gone = Math.max(this.#gone, Math.min(seq, this.#chars.length));
  }

  after(seq: number): number[] | undefined {
    if (seq < this.#gone || seq > this.#chars.length) return undefined;
    return Array.from({ length: this.#chars.length - seq }, (_, i) => seq + 1 + i);
  }

  #fits(): boolean {
    const kept = this.#chars.slice(this.#gone);
    const bytes = kept.reduce((sum, chars) => sum + chars, 0);
    return bytes <= limits.resumeQueueBytes && kept.length <= limits.resumeQueueMessages;
  }
}

describe("the resume queue", () => {
  test("keeps 256 messages and 256 KiB, and neither one more", () => {
    assert.equal(filled(limits.resumeQueueMessages, 10).after(0, 0)?.length, limits.resumeQueueMessages);
    assert.equal(filled(limits.resumeQueueMessages + 1, 10).after(0, 0), undefined);
    const half = limits.resumeQueueBytes / 2;
    assert.equal(filled(2, half).after(0, 0)?.length, 2);
    assert.equal(filled(2, half + 1).after(0, 0), undefined);
  });

  test("replays everything after what the client has, and says that it cannot only for what is gone", () => {
    const step = fc.oneof(
      {
        weight: 10,
        arbitrary: fc.record({ kind: fc.constant("add" as const), chars: fc.integer({ min: 1, max: 40_000 }) }),
      },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant("write" as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("confirm" as const), unheard: fc.integer({ min: -2, max: 40 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
        const queue = new ResumeQueue();
        const expected = new ExpectedQueue();
        const unwritten: [QueuedMessage, number][] = [];
        const write = () => {
          for (const [entry, chars] of unwritten.splice(0)) {
            queue.measured(entry, chars);
            expected.written(entry.seq, chars);
          }
        };
        for (const one of steps) {
          if (one.kind === "add") {
            unwritten.push([queue.add(chat, 0), one.chars]);
            expected.added();
          } else if (one.kind === "write") write();
          else {
            const seq = Math.max(0, queue.lastSeq - one.unheard);
            queue.confirm(seq);
            expected.confirmed(seq);
          }
        }
        write();
        for (let seq = 0; seq <= queue.lastSeq + 1; seq += 1) {
          const replayed = queue.after(seq, 0)?.map((message) => message.seq);
          assert.deepEqual(replayed, expected.after(seq));
        }
      }),
    );
  });

  test("keeps its newest message however long it is, and then only that one", () => {
    const queue = filled(3, 10);
    queue.measured(queue.add(chat, 0), limits.resumeQueueBytes + 1);
    assert.equal(queue.after(2, 0), undefined);
    assert.equal(queue.after(3, 0)?.length, 1);
  });

  test("lets go of what was written before a client's last sign of life, and of nothing later", () => {
    const queue = new ResumeQueue();
    for (const atMs of [1_000, 2_000, 2_000, 3_000]) queue.measured(queue.add(chat, atMs), 10);
    queue.forgetBefore(2_000);
    assert.equal(queue.since(0, 3_000).length, 3);
    queue.forgetBefore(9_000);
    assert.deepEqual(queue.since(0, 3_000), []);
    // Room is given back as well.
    const half = limits.resumeQueueBytes / 2;
    for (let i = 0; i < 2; i += 1) queue.measured(queue.add(chat, 4_000), half);
    assert.equal(queue.since(0, 4_000).length, 2);
  });

  test("does not shrink for what was confirmed before it was written", () => {
    const queue = new ResumeQueue();
    for (let i = 0; i < 100; i += 1) {
      const entry = queue.add(chat, 0);
      queue.confirm(entry.seq);
      queue.measured(entry, 10_000);
    }
    for (let i = 0; i < 10; i += 1) queue.measured(queue.add(chat, 0), 20_000);
    assert.equal(queue.after(100, 0)?.length, 10);
  });

  test("tells times as they are when the message leaves, and never less than none", () => {
    const queue = new ResumeQueue();
    const offer: ServerMessage = { type: "peerLost", callId: "c", resumeInMs: 45_000 };
    queue.measured(queue.add(offer, 1_000), 10);
    const left = (nowMs: number) =>
      queue.after(0, nowMs)?.map((message) => "resumeInMs" in message && message.resumeInMs);
    assert.deepEqual(left(11_000), [35_000]);
    assert.deepEqual(left(99_000), [0]);
  });
});
