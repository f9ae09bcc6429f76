import type { JournalBatch } from "@echoo/core";
import type { JournalBounds } from "./journal-bounds.ts";

type Ended = JournalBatch["ended"][number];

type UnwrittenBounds = Pick<JournalBounds, "unwrittenEnded" | "unwrittenSamples" | "unwrittenReports">;

/** What failed to reach the disk, merged into one batch: no larger than the unfinished calls and the bounds. */
export class UnflushedBatch {
  readonly #bounds: UnwrittenBounds;
  /** Of each call its newest body, if there is one, and what became of it since. */
  readonly #live = new Map<string, JournalBatch["live"][number][]>();
  readonly #ended = new Map<string, Ended>();
  #samples: JournalBatch["samples"][number][] = [];
  #reported: JournalBatch["reported"][number][] = [];
  droppedRecords = 0;
  droppedSamples = 0;

  constructor(bounds: UnwrittenBounds) {
    this.#bounds = bounds;
  }

  get isEmpty(): boolean {
    return this.#live.size + this.#ended.size + this.#samples.length + this.#reported.length === 0;
  }

  add(batch: JournalBatch): void {
    for (const entry of batch.live) {
      const since = "change" in entry ? this.#live.get(entry.callId) : undefined;
      this.#live.set(entry.callId, [...(since ?? []), entry]);
    }
    for (const ended of batch.ended) this.#addEnded(ended);
    this.#samples.push(...batch.samples);
    // The oldest go, as in the queue on the disk.
    const excess = this.#samples.splice(0, Math.max(0, this.#samples.length - this.#bounds.unwrittenSamples));
    this.#reported.push(...batch.reported);
    const refused = this.#reported.splice(this.#bounds.unwrittenReports);
    this.droppedSamples += excess.length + refused.length;
  }

  toBatch(): JournalBatch {
    return {
      live: [...this.#live.values()].flat(),
      ended: [...this.#ended.values()],
      samples: this.#samples,
      reported: this.#reported,
    };
  }

  clear(): void {
    this.#live.clear();
    this.#ended.clear();
    this.#samples = [];
    this.#reported = [];
  }

  #addEnded(ended: Ended): void {
    const { callId } = ended.tombstone;
    this.#live.delete(callId);
    if (this.#ended.size < this.#bounds.unwrittenEnded || this.#ended.has(callId)) this.#ended.set(callId, ended);
    else if (ended.record !== undefined) this.droppedRecords++;
  }
}
