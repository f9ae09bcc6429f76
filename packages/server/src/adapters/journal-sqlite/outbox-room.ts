import type { OutboxCounts } from "@echoo/core";
import type { JournalBounds } from "./journal-bounds.ts";
import type { Kind } from "./outbox-table.ts";

interface Amount {
  entries: number;
  chars: number;
}

/** A point to come back to when a transaction fails. */
export interface RoomMark {
  readonly records: Readonly<Amount>;
  readonly samples: Readonly<Amount>;
  readonly droppedRecords: number;
  readonly droppedSamples: number;
}

/** How full the outbox is. Counted in memory, so that a commit need not ask. */
export class OutboxRoom {
  readonly #bounds: JournalBounds;
  #records: Amount = { entries: 0, chars: 0 };
  #samples: Amount = { entries: 0, chars: 0 };
  #droppedRecords = 0;
  #droppedSamples = 0;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  /** Whether one more fits; it is counted, or counted as dropped. */
  admit(kind: Kind, chars: number): boolean {
    const isRecord = kind === "record";
    const { queuedRecords, queuedRecordChars, queuedSamples, queuedSampleChars } = this.#bounds;
    const maxEntries = isRecord ? queuedRecords : queuedSamples;
    const maxChars = isRecord ? queuedRecordChars : queuedSampleChars;
    const amount = this.#amount(kind);
    if (amount.entries < maxEntries && amount.chars + chars <= maxChars) {
      this.take(kind, 1, chars);
      return true;
    }
    if (isRecord) this.#droppedRecords++;
    else this.#droppedSamples++;
    return false;
  }

  take(kind: Kind, entries: number, chars: number): void {
    const amount = this.#amount(kind);
    amount.entries += entries;
    amount.chars += chars;
  }

  release(kind: Kind, entries: number, chars: number): void {
    this.take(kind, -entries, -chars);
  }

  reset(): void {
    this.#records = { entries: 0, chars: 0 };
    this.#samples = { entries: 0, chars: 0 };
  }

  mark(): RoomMark {
    return {
      records: { ...this.#records },
      samples: { ...this.#samples },
      droppedRecords: this.#droppedRecords,
      droppedSamples: this.#droppedSamples,
    };
  }

  backTo(mark: RoomMark): void {
    this.#records = { ...mark.records };
    this.#samples = { ...mark.samples };
    this.#droppedRecords = mark.droppedRecords;
    this.#droppedSamples = mark.droppedSamples;
  }

  counts(): OutboxCounts {
    return {
      records: this.#records.entries,
      samples: this.#samples.entries,
      droppedRecords: this.#droppedRecords,
      droppedSamples: this.#droppedSamples,
    };
  }

  #amount(kind: Kind): Amount {
    return kind === "record" ? this.#records : this.#samples;
  }
}
