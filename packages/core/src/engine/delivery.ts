import type { ServerMessage } from "@echoo/protocol";
import type { ChangedCall } from "../arbiter/call-arbiter.ts";
import type { Call, FinishedCall, UnfinishedCall } from "../call/call.ts";
import type { CallRecord } from "../call/record.ts";
import type { JournalBatch, LoadedCall, ReportedStats, SampleBatch } from "../ports/journal.ts";
import type { Timeline } from "../time/timeline.ts";
import type { EngineOptions } from "./engine-options.ts";
import { JournalledCalls } from "./journalled-calls.ts";
import type { QueuedMessage } from "./sessions/resume-queue.ts";
import type { Session } from "./sessions/session.ts";

interface Pending {
  readonly session: Session;
  readonly message: ServerMessage;
  readonly queued: QueuedMessage | undefined;
}

type DeliveryOptions = Pick<EngineOptions, "journal" | "observer" | "defer" | "deadlines">;

/**
 * The end of a turn: first the journal has all that the turn changed, then the messages that tell of it leave. A
 * process that dies in between has told no client anything that it will not remember.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #timeline: Timeline;
  readonly #takeChanged: () => ChangedCall[];
  readonly #journalled = new JournalledCalls();
  #pending: Pending[] = [];
  #records = new Map<string, CallRecord>();
  #letGo: FinishedCall[] = [];
  #samples: SampleBatch[] = [];
  #reported: ReportedStats[] = [];
  #isScheduled = false;
  /** Made once: most turns relay a message or two, and end here. */
  readonly #atEndOfTurn = () => this.flush();

  constructor(options: DeliveryOptions, timeline: Timeline, takeChanged: () => ChangedCall[]) {
    this.#options = options;
    this.#timeline = timeline;
    this.#takeChanged = takeChanged;
  }

  send(session: Session, message: ServerMessage): void {
    this.#pending.push({ session, message, queued: session.enqueue(message, this.#timeline.now()) });
    this.schedule();
  }

  /**
   * What tells of no change waits for no journal: it leaves at once, but behind what this turn has still to write and to
   * send. A message of its own at the end of the turn was a tenth of what a relayed candidate cost
   * (docs/adr/0038-what-a-relayed-message-costs.md).
   */
  pass(session: Session, message: ServerMessage): void {
    if (this.#isScheduled) this.send(session, message);
    else session.write(message, session.enqueue(message, this.#timeline.now()));
  }

  record(record: CallRecord): void {
    this.#records.set(record.callId, record);
    this.schedule();
  }

  /** The journal has this call so: what becomes of it is written alone, and a start writes little for each call. */
  restored(call: UnfinishedCall, since: NonNullable<LoadedCall["since"]>): void {
    this.#journalled.restored(call, since);
  }

  /** A call that others decide, or nobody: the journal is to have it as a live one no more. */
  letGo(call: FinishedCall): void {
    this.#letGo.push(call);
    this.schedule();
  }

  keepSamples(batch: SampleBatch): void {
    this.#samples.push(batch);
    this.schedule();
  }

  keepReported(reported: ReportedStats): void {
    this.#reported.push(reported);
    this.schedule();
  }

  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.defer(this.#atEndOfTurn);
  }

  flush(): void {
    this.#isScheduled = false;
    this.#commit();
    const pending = this.#pending;
    this.#pending = [];
    for (const { session, message, queued } of pending) session.write(message, queued);
  }

  #commit(): void {
    const changes = this.#takeChanged();
    // Most turns only relay: nothing is made for those.
    if (changes.length === 0 && !this.#hasMore()) return;
    const batch = this.#batch(changes);
    if (!isEmpty(batch)) {
      try {
        this.#options.journal.commit({ ...batch, beat: this.#timeline.beat() });
      } catch (error) {
        for (const { call } of changes) this.#journalled.forget(call.id);
        this.#options.observer.journalFailed(error);
      }
    }
    for (const { call, before } of changes) this.#options.observer.callChanged(call, before);
    for (const { record } of batch.ended) if (record) this.#options.observer.callEnded(record);
  }

  /** Whether there is anything for the journal besides calls. */
  #hasMore(): boolean {
    return this.#records.size + this.#letGo.length + this.#samples.length + this.#reported.length > 0;
  }

  #batch(changes: readonly ChangedCall[]): JournalBatch {
    const live: JournalBatch["live"][number][] = [];
    const ended: JournalBatch["ended"][number][] = [];
    for (const { call } of changes) {
      if (call.state === "ended") {
        this.#journalled.forget(call.id);
        ended.push(this.#endedEntry(call));
      } else {
        const entry = this.#journalled.entryOf(call);
        if (entry) live.push(entry);
      }
    }
    for (const call of this.#letGo) {
      this.#journalled.forget(call.id);
      ended.push(this.#endedEntry(call));
    }
    this.#letGo = [];
    const batch = { live, ended, samples: this.#samples, reported: this.#reported };
    this.#records = new Map();
    this.#samples = [];
    this.#reported = [];
    return batch;
  }

  #endedEntry(call: Extract<Call, { state: "ended" }>): JournalBatch["ended"][number] {
    const expiresAtMs = call.endedAtMs + this.#options.deadlines.tombstoneMs;
    const tombstone = { callId: call.id, body: JSON.stringify(call), expiresAtMs };
    const record = this.#records.get(call.id);
    return record ? { tombstone, record } : { tombstone };
  }
}

function isEmpty(batch: JournalBatch): boolean {
  return batch.live.length + batch.ended.length + batch.samples.length + batch.reported.length === 0;
}
