import {
  type Beat,
  bodyAfter,
  type CallRecord,
  type Journal,
  type JournalBatch,
  type LoadedCall,
  type ReportedStats,
  type SampleBatch,
  type TombstoneEntry,
} from "@echoo/core";

const nothing = { changes: 0, chars: 0 };

/** A journal in memory that outlives the nodes that write it: what was committed is what the next node reads. */
export class MemoryJournal implements Journal {
  /** Every record as it was committed, in order; two of one call show here. */
  readonly records: CallRecord[] = [];
  /** The same of what clients measured and reported. */
  readonly samples: SampleBatch[] = [];
  readonly reported: ReportedStats[] = [];
  /** What the engine could make nothing of, with why. */
  readonly asideEntries: { readonly kind: "live" | "ended"; readonly callId: string; readonly why: string }[] = [];
  readonly #live = new Map<string, string>();
  /** What came to each body. */
  readonly #since = new Map<string, typeof nothing>();
  readonly #ended = new Map<string, TombstoneEntry>();
  #beat: Beat | undefined;

  commit(batch: JournalBatch): void {
    this.#beat = batch.beat ?? this.#beat;
    this.samples.push(...batch.samples);
    this.reported.push(...batch.reported);
    for (const entry of batch.live) {
      const { callId } = entry;
      const since = this.#since.get(callId) ?? nothing;
      if ("change" in entry) {
        this.#live.set(callId, bodyAfter(this.#live.get(callId) ?? "", [entry.change]));
        this.#since.set(callId, { changes: since.changes + 1, chars: since.chars + entry.change.length });
      } else {
        this.#live.set(callId, entry.body);
        this.#since.delete(callId);
      }
    }
    for (const { tombstone, record } of batch.ended) {
      this.#live.delete(tombstone.callId);
      this.#since.delete(tombstone.callId);
      this.#ended.set(tombstone.callId, tombstone);
      if (record) this.records.push(record);
    }
  }

  /** What there is of an unfinished call. */
  protected bodyOf(callId: string): string | undefined {
    return this.#live.get(callId);
  }

  beat(beat: Beat): void {
    this.#beat = beat;
  }

  setCallAside(kind: "live" | "ended", callId: string, error: unknown): void {
    this.asideEntries.push({ kind, callId, why: error instanceof Error ? error.message : String(error) });
    (kind === "live" ? this.#live : this.#ended).delete(callId);
  }

  load(): { live: readonly LoadedCall[]; ended: readonly TombstoneEntry[]; beat?: Beat } {
    return {
      live: [...this.#live].map(([callId, body]) => ({ callId, body, since: this.#since.get(callId) ?? nothing })),
      ended: [...this.#ended.values()],
      ...(this.#beat === undefined ? {} : { beat: this.#beat }),
    };
  }
}
