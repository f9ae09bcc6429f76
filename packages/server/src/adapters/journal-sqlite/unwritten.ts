import type { JournalBatch } from "@echoo/core";
import type { JournalBounds } from "./journal-bounds.ts";

type Ended = JournalBatch["ended"][number];

/** What failed to reach the disk, merged into one batch: no larger than the unfinished calls and the bounds. */
export class Unwritten {
  readonly #bounds: Pick<JournalBounds, "unwrittenEnded" | "unwrittenSamples">;
  readonly #live = new Map<string, JournalBatch["live"][number]>();
  readonly #ended = new Map<string, Ended>();
  #samples: JournalBatch["samples"][number][] = [];
  #reported: JournalBatch["reported"][number][] = [];
  droppedRecords = 0;
  droppedSamples = 0;

  constructor(bounds: Pick<JournalBounds, "unwrittenEnded" | "unwrittenSamples">) {
    this.#bounds = bounds;
  }

  get isEmpty(): boolean {
    return this.#live.size + this.#ended.size + this.#samples.length + this.#reported.length === 0;
  }

  add(batch: JournalBatch): void {
    for (const entry of batch.live) this.#live.set(entry.callId, entry);
    for (const ended of batch.ended) this.#addEnded(ended);
    for (const samples of batch.samples) if (this.#hasRoom()) this.#samples.push(samples);
    for (const reported of batch.reported) if (this.#hasRoom()) this.#reported.push(reported);
  }

  toBatch(): JournalBatch {
    return {
      live: [...this.#live.values()],
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

  #hasRoom(): boolean {
    if (this.#samples.length + this.#reported.length < this.#bounds.unwrittenSamples) return true;
    this.droppedSamples++;
    return false;
  }
}
