import type { Entry } from "@echoo/core";
import { streamEntriesMax } from "../bounds.ts";
import { type EntryId, entryId, idText, isAfter } from "../entry-id.ts";

/** A stream as Redis has them: ids rise, by the clock or, where that was set back, by themselves. */
export class MemoryStream {
  #entries: Entry[] = [];
  #last: EntryId = [0, 0];
  readonly #entriesMax: number;

  /** Of one entry more the oldest is dropped. */
  constructor(entriesMax = streamEntriesMax) {
    this.#entriesMax = entriesMax;
  }

  add(text: string, nowMs: number): string {
    this.#last = nowMs > this.#last[0] ? [nowMs, 0] : [this.#last[0], this.#last[1] + 1];
    const id = idText(this.#last);
    this.#entries.push({ id, text });
    if (this.#entries.length > this.#entriesMax) this.#entries.shift();
    return id;
  }

  /** Entries to come are later than this one, though it may be lost. */
  goOnAfter(id: string): void {
    const last = entryId(id);
    if (isAfter(last, this.#last)) this.#last = last;
  }

  after(id: string): readonly Entry[] {
    const from = entryId(id);
    const at = this.#entries.findIndex((entry) => isAfter(entryId(entry.id), from));
    return at === -1 ? [] : this.#entries.slice(at);
  }

  trimUpTo(id: string): void {
    const last = entryId(id);
    this.#entries = this.#entries.filter((entry) => isAfter(entryId(entry.id), last));
  }

  remove(ids: ReadonlySet<string>): void {
    this.#entries = this.#entries.filter(({ id }) => !ids.has(id));
  }

  copy(): MemoryStream {
    const copy = new MemoryStream(this.#entriesMax);
    copy.#entries = [...this.#entries];
    copy.#last = this.#last;
    return copy;
  }

  get length(): number {
    return this.#entries.length;
  }
}
