import type { Erasure } from "@echoo/core";
import type { Collection } from "mongodb";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";

export interface ErasureDocument {
  readonly _id: string;
  readonly replacement: string;
}

export function toErasure({ _id: userId, replacement }: ErasureDocument): Erasure {
  return { userId, replacement };
}

/** Another node may have written the note that is looked for just now. */
const newest = { readConcern: { level: "local" } } as const;

/** The notes of erasures that are not whole yet. */
export class Erasures {
  readonly #link: MongoLink;
  readonly #notes: Collection<ErasureDocument>;

  constructor(link: MongoLink) {
    this.#link = link;
    this.#notes = link.collection("erasures");
  }

  async has(id: string): Promise<boolean> {
    return (await this.#link.run(() => this.#notes.findOne({ _id: id }, newest))) !== null;
  }

  /** Tells the name that takes the number's place: that of the erasure under way, where there is one. */
  async begin(id: string, given: string): Promise<string> {
    const insert = { $setOnInsert: { replacement: given } };
    const options = { upsert: true, returnDocument: "after" } as const;
    const note = await untilNoDuplicate(() =>
      this.#link.run(() => this.#notes.findOneAndUpdate({ _id: id }, insert, options)),
    );
    return note.replacement;
  }

  async end(id: string): Promise<void> {
    await this.#link.run(() => this.#notes.deleteOne({ _id: id }));
  }

  async list(limit: number): Promise<readonly Erasure[]> {
    const found = await this.#link.run(() => this.#notes.find().sort({ _id: 1 }).limit(limit).toArray());
    return found.map(toErasure);
  }
}
