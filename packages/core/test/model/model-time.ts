import assert from "node:assert/strict";
import type { EndedCall } from "@echoo/core";
import type { FakeClock } from "@echoo/testkit";
import { type AnsweredCall, isRinging } from "../../src/call/call.ts";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import type { CrashingJournal } from "./crashing-journal.ts";

const hourMs = 3_600_000;
/** How far the wall clock is off after it was set: two of these are never further apart than a day. */
const offByMs = [0, -1, 1, -50_000, 50_000, -hourMs, hourMs, -5 * hourMs, 5 * hourMs, -11 * hourMs, 11 * hourMs, 0];

/**
 * What the wall clock may do, and what calls may make of it: it is set by hours in any step, while every wait and every
 * length goes by a time that follows from the steady clock and, over a restart, from the last sign of life.
 */
export class ModelTime {
  readonly #clock: FakeClock;
  readonly #journal: CrashingJournal;
  #offMs = 0;
  /** Where the time of calls stood, and the steady clock with it. */
  #then: { readonly timeMs: number; readonly steadyMs: number };
  /** When the last step ended. */
  #lastMs: number;
  readonly #created = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  #newestMs = Number.NEGATIVE_INFINITY;
  #checkedRecords = 0;

  constructor(clock: FakeClock, journal: CrashingJournal) {
    this.#clock = clock;
    this.#journal = journal;
    this.#then = { timeMs: clock.now(), steadyMs: clock.steady() };
    this.#lastMs = clock.now();
  }

  /** The time that calls have to go by. */
  now(): number {
    return this.#then.timeMs + this.#clock.steady() - this.#then.steadyMs;
  }

  setClock(choice: number): void {
    const offMs = offByMs[choice % offByMs.length] ?? 0;
    this.#clock.jump(offMs - this.#offMs);
    this.#offMs = offMs;
  }

  /** Another process reads what the last one left; `restart` starts it. */
  over(restart: () => void): void {
    const { beat } = this.#journal.load();
    restart();
    const now = this.#clock.now();
    const timeMs = beat ? beat.steadyMs + Math.min(24 * hourMs, Math.max(0, now - beat.atMs)) : now;
    this.#then = { timeMs, steadyMs: this.#clock.steady() };
  }

  afterStep(): void {
    for (const call of this.#journal.live.values()) {
      this.#noteCreated(call.id, call.createdAtMs);
      if (isRinging(call)) {
        const leftMs = call.expiresAtMs - this.now();
        assert.ok(leftMs > 0 && leftMs <= defaultDeadlines.ringMs, `2: ${call.id} rings for another ${leftMs} ms`);
      } else if (!this.#answered.has(call.id)) this.#noteAnswered(call);
    }
    const records = this.#journal.records.slice(this.#checkedRecords);
    for (const record of records) this.#noteCreated(record.callId, record.createdAtMs);
    for (const record of records) this.#checkRecord(record);
    this.#checkedRecords += records.length;
    this.#newestMs = Math.max(this.#newestMs, ...this.#created.values());
    this.#lastMs = this.now();
  }

  /** Histories have calls in the order of their creation; one step may bring several. */
  #noteCreated(callId: string, createdAtMs: number): void {
    const known = this.#created.get(callId);
    assert.equal(known ?? createdAtMs, createdAtMs, `${callId} was created twice`);
    assert.ok(known !== undefined || createdAtMs > this.#newestMs, `${callId} is older than a call before it`);
    this.#created.set(callId, createdAtMs);
  }

  #noteAnswered(call: AnsweredCall): void {
    if (this.#lastMs === this.now()) assert.equal(call.answeredAtMs, this.now(), `${call.id} was answered now`);
    this.#answered.set(call.id, call.answeredAtMs);
  }

  #checkRecord(record: EndedCall): void {
    const { callId, createdAtMs, ringingAtMs, answeredAtMs, connectedAtMs, endedAtMs, durationSec } = record;
    const moments = [createdAtMs, ringingAtMs, answeredAtMs, connectedAtMs, endedAtMs].filter((at) => at !== undefined);
    assert.deepEqual(
      moments,
      [...moments].sort((a, b) => a - b),
      `${callId} contradicts itself`,
    );
    if (answeredAtMs === undefined) return;
    assert.equal(durationSec, Math.floor((endedAtMs - answeredAtMs) / 1000), `${callId}: its length`);
    const since = this.#answered.get(callId);
    if (since === undefined) return;
    const lastedMs = this.now() - since;
    assert.ok(durationSec * 1000 <= lastedMs, `${callId} lasted ${durationSec} s, and was answered ${lastedMs} ms ago`);
    const isOfThisMoment = record.endReason === "hangup" && this.#lastMs === this.now();
    if (isOfThisMoment) assert.equal(durationSec, Math.floor(lastedMs / 1000), `${callId}: its whole length`);
    if (record.endReason === "max_duration")
      assert.ok(lastedMs >= defaultDeadlines.maxCallMs, `${callId}: max_duration`);
  }
}
