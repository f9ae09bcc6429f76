import type { Clock, Outbox, OutboxCounts, Steady, Store, StoredCall } from "@echoo/core";
import { GroupStorer, type GroupStorerOptions } from "./group-storer.ts";
import { recordBounds } from "./record-bounds.ts";
import { VerdictNotices } from "./verdicts/verdict-notices.ts";

export interface RecordWriterOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** A number in [0, 1), so that the nodes do not return to the store all at once. */
  readonly random: () => number;
  readonly pause: GroupStorerOptions["pause"];
  readonly sampleBounds?: NonNullable<GroupStorerOptions["sampleBounds"]>;
  readonly onScored?: NonNullable<GroupStorerOptions["onScored"]>;
  readonly onRecorded?: GroupStorerOptions["onRecorded"];
  readonly onNoSummary: GroupStorerOptions["onNoSummary"];
  /** A call with its verdict, once for each: 60 s after its end. */
  readonly onVerdict?: (call: StoredCall) => void;
  /** The store went away (with its error) or came back (without): once for each change. */
  readonly onDegraded: (error: unknown) => void;
  /** The records of these calls are stored. */
  readonly onStored?: (callIds: readonly string[]) => void;
}

export interface RecordWriterState {
  readonly pending: OutboxCounts;
  /** The store was away when last asked. */
  readonly degraded: boolean;
  readonly lastError: unknown;
}

/**
 * Drains the journal's outbox into the store, in groups, and never in the way of signaling. One round runs at a
 * time; what is stored is dropped afterwards, so that a crash between the two only repeats a harmless write.
 */
export class RecordWriter {
  readonly #options: RecordWriterOptions;
  readonly #storer: GroupStorer;
  readonly #notices: VerdictNotices;
  readonly #unsubscribe: () => void;
  #lastGroupAtMs: Steady = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #lastError: unknown;
  #cancelTimer: (() => void) | undefined;
  #cancelRefresh: (() => void) | undefined;
  /** The end of the last thing that was begun; rounds and erasures wait in this line. */
  #line: Promise<void> = Promise.resolve();
  /** A round waits in the line or is under way: another one would only make everything behind it wait longer. */
  #hasRound = false;
  /** Something was queued meanwhile. */
  #isWanted = false;
  #isStopped = false;

  constructor(options: RecordWriterOptions) {
    this.#options = options;
    const { store, clock, outbox, pause, sampleBounds, onScored, onRecorded, onNoSummary } = options;
    const { onVerdict = () => {} } = options;
    const setAside = (seq: number, error: unknown) => outbox.setEntryAside(seq, error);
    this.#notices = new VerdictNotices({ store, clock, onVerdict, onFault: onNoSummary });
    const onJudged = (call: StoredCall) => this.#notices.add(call);
    this.#storer = new GroupStorer({
      store,
      clock,
      pause,
      sampleBounds,
      onScored,
      onRecorded,
      onNoSummary,
      setAside,
      onJudged,
    });
    this.#unsubscribe = outbox.onQueued(() => this.#wake());
    // What the last process left.
    this.#wake();
  }

  get state(): RecordWriterState {
    return { pending: this.#options.outbox.pending(), degraded: this.#failures > 0, lastError: this.#lastError };
  }

  /** Stores everything that waits, now; rejects with the fault if that cannot be done. */
  flush(): Promise<void> {
    return this.#inLine(async () => {
      while (await this.#storeGroup());
    });
  }

  /**
   * Erases an account from the queue and from the store, while no round is under way: a group that was read before
   * cannot bring the number back. Can be run again.
   */
  erase(userId: string, replacement: string): Promise<void> {
    return this.#inLine(async () => {
      // What a party reported of a call may be stored before its record, by which alone the store finds it.
      while (await this.#storeGroup());
      this.#options.outbox.replaceUser(userId, replacement);
      await this.#options.store.users.erase(userId, replacement);
      this.#storer.forgetReporter(userId);
    });
  }

  /** Ends after the round under way. What still waits stays in the journal. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#cancelTimer?.();
    this.#cancelRefresh?.();
    this.#notices.stop();
    await this.#line;
  }

  #wake(): void {
    this.#isWanted = this.#hasRound;
    if (this.#isStopped || this.#hasRound || this.#cancelTimer !== undefined || this.#failures > 0) return;
    const sinceLastMs = this.#options.clock.steady() - this.#lastGroupAtMs;
    this.#schedule(Math.max(0, recordBounds.groupEveryMs - sinceLastMs));
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      // Its failure is in the state already, and has set the next try.
      this.#round().catch(() => {});
    });
  }

  async #round(): Promise<void> {
    if (this.#hasRound) return;
    this.#hasRound = true;
    let isMoreLikely = false;
    try {
      isMoreLikely = await this.#inLine(async () => !this.#isStopped && (await this.#storeGroup()));
    } finally {
      this.#hasRound = false;
    }
    if (isMoreLikely || this.#isWanted) this.#wake();
  }

  /** Tells whether there was anything to store. */
  async #storeGroup(): Promise<boolean> {
    try {
      if (!(await this.#storeNext())) return false;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    this.#succeeded();
    this.#refreshLater();
    return true;
  }

  async #storeNext(): Promise<boolean> {
    const { outbox, clock, store } = this.#options;
    // A process that is ended while the store hangs did not die over an entry: the store is asked before one is blamed.
    if (outbox.isSuspect) await store.ping();
    const group = outbox.begin(recordBounds.groupEntries);
    if (group === undefined) return false;
    this.#lastGroupAtMs = clock.steady();
    try {
      await this.#storer.store(group);
    } catch (error) {
      outbox.giveBack();
      throw error;
    }
    outbox.drop(group.throughSeq);
    if (group.records.length > 0) this.#options.onStored?.(group.records.map(({ callId }) => callId));
    return true;
  }

  #refreshLater(): void {
    if (this.#isStopped || this.#cancelRefresh !== undefined || !this.#storer.hasStaleSummaries) return;
    this.#cancelRefresh = this.#options.clock.after(recordBounds.summaryEveryMs, () => {
      this.#cancelRefresh = undefined;
      this.#inLine(() => this.#storer.refreshSummaries())
        // A store that is away shows in the next round; the summaries stay stale until then.
        .catch(() => {})
        .finally(() => this.#refreshLater());
    });
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#lastError = error;
    if (this.#failures === 1) this.#options.onDegraded(error);
    const { firstBackoffMs, longestBackoffMs } = recordBounds;
    const backoffMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (this.#failures - 1));
    this.#schedule(backoffMs * (1 + this.#options.random()));
  }

  #succeeded(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#lastError = undefined;
    this.#options.onDegraded(undefined);
    this.#wake();
  }

  #inLine<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(run);
    this.#line = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }
}
