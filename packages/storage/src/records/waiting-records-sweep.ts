import { type CallRecord, type Clock, type EndedCall, type RemoteScripts, readBody, type Store } from "@echoo/core";
import { GroupSettler } from "./group-settler.ts";

const sweepEveryMs = 10_000;
/** The node where a call ended gives its record to the database within seconds; after this any node does. */
const waitedMs = 20_000;
/** Records that are read at once. */
const atOnceMax = 500;

interface SweepOptions {
  readonly store: Store;
  readonly waiting: Pick<RemoteScripts, "waitingRecords" | "recordsStored">;
  readonly clock: Pick<Clock, "after">;
  /** Told of the calls that the store has now, before they wait no more: again after a death in between. */
  readonly onRecorded?: (records: readonly EndedCall[]) => Promise<void>;
  /** A record that nothing can be made of here: it stays, for a node of its version. */
  readonly onUnusable: (error: unknown) => void;
  /** The records of other nodes that were given to the database. */
  readonly onStored: (count: number) => void;
}

/** Brings ended calls into the database whose own nodes did not: they died, or lost their disks. */
export class WaitingRecordsSweep {
  readonly #options: SweepOptions;
  readonly #settler: GroupSettler;
  #cancel: () => void = () => {};
  #line: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#settler = new GroupSettler(options.store);
    this.#later();
  }

  /** Stores all that waits, also what ended just now; rejects where it cannot be asked for, or not be stored. */
  sweepAll(): Promise<void> {
    const done = this.#line.then(() => this.#sweep(0));
    this.#line = done.catch(() => {});
    return done;
  }

  /** Ends after the sweep under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#line;
  }

  #later(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(sweepEveryMs, () => {
      // Where the others or the database are away it is tried again.
      this.#line = this.#line
        .then(() => this.#sweep(waitedMs))
        .catch(() => {})
        .then(() => this.#later());
    });
  }

  async #sweep(olderThanMs: number): Promise<void> {
    const { waiting } = this.#options;
    for (;;) {
      const found = await waiting.waitingRecords(olderThanMs, atOnceMax);
      if (found.length === 0) return;
      const readable = found.flatMap(({ id, record }) => {
        const read = this.#read(record);
        return read ? [{ id, read }] : [];
      });
      const records = readable.map(({ read }) => read);
      if (records.length === 0) return;
      const none = { samples: [], reported: [], throughSeq: 0, seqOf: new Map() };
      const settled = await this.#settler.settle({ ...none, records });
      await this.#settler.record(settled.records);
      await this.#options.onRecorded?.(settled.records);
      await waiting.recordsStored(readable.map(({ id }) => id));
      this.#options.onStored(readable.length);
      if (found.length < atOnceMax || this.#isStopped) return;
    }
  }

  #read(record: string): CallRecord | undefined {
    try {
      return readBody("record", record);
    } catch (error) {
      this.#options.onUnusable(error);
      return undefined;
    }
  }
}
