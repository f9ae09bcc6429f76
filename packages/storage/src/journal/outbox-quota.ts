import type { OutboxCounts } from "@echoo/core";
import type { JournalBounds } from "./journal-bounds.ts";

export type Kind = "record" | "samples" | "reported";

interface Amount {
  readonly entries: number;
  readonly chars: number;
}

/** A point to come back to when a transaction fails. */
export interface QuotaMark {
  readonly amounts: Readonly<Record<Kind, Amount>>;
  readonly dropped: Readonly<Record<Kind, number>>;
}

const nothing: Amount = { entries: 0, chars: 0 };

/** How full the outbox is. Counted in memory, so that a commit need not ask. */
export class OutboxQuota {
  readonly #max: Readonly<Record<Kind, Amount>>;
  #amounts: Record<Kind, Amount> = { record: nothing, samples: nothing, reported: nothing };
  #dropped: Record<Kind, number> = { record: 0, samples: 0, reported: 0 };

  constructor(bounds: JournalBounds) {
    this.#max = {
      record: { entries: bounds.queuedRecords, chars: bounds.queuedRecordChars },
      samples: { entries: bounds.queuedSamples, chars: bounds.queuedSampleChars },
      reported: { entries: bounds.queuedReports, chars: bounds.queuedReportChars },
    };
  }

  /** Whether one more entry of so many characters fits. */
  fits(kind: Kind, chars: number): boolean {
    const amount = this.#amounts[kind];
    return amount.entries < this.#max[kind].entries && amount.chars + chars <= this.#max[kind].chars;
  }

  take(kind: Kind, entries: number, chars: number): void {
    const amount = this.#amounts[kind];
    this.#amounts[kind] = { entries: amount.entries + entries, chars: amount.chars + chars };
  }

  release(kind: Kind, entries: number, chars: number): void {
    this.take(kind, -entries, -chars);
  }

  countDropped(kind: Kind, entries: number): void {
    this.#dropped[kind] += entries;
  }

  reset(): void {
    this.#amounts = { record: nothing, samples: nothing, reported: nothing };
  }

  mark(): QuotaMark {
    return { amounts: { ...this.#amounts }, dropped: { ...this.#dropped } };
  }

  backTo({ amounts, dropped }: QuotaMark): void {
    this.#amounts = { ...amounts };
    this.#dropped = { ...dropped };
  }

  counts(): Omit<OutboxCounts, "setAside"> {
    const { record, samples, reported } = this.#amounts;
    return {
      records: record.entries,
      samples: samples.entries + reported.entries,
      droppedRecords: this.#dropped.record,
      droppedSamples: this.#dropped.samples + this.#dropped.reported,
    };
  }
}
