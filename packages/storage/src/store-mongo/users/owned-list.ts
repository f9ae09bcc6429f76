import type { Instant } from "@echoo/core";
import type { Collection } from "mongodb";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";

/** One entry of a list: a user. */
interface Listed {
  readonly user: string;
  readonly name?: string;
  readonly createdAtMs: Instant;
}

export interface ListDocument {
  readonly _id: string;
  readonly list: readonly Listed[];
}

/**
 * Whom a user has listed: one document for each owner, so that the bound of the list and the uniqueness of its entries
 * hold without a transaction. With 2,000 entries of the longest names it has about 1 MB.
 */
export class OwnedList {
  readonly #link: MongoLink;
  readonly #lists: Collection<ListDocument>;

  constructor(link: MongoLink, collection: "contacts" | "blocks") {
    this.#link = link;
    this.#lists = link.collection<ListDocument>(collection);
  }

  async all(owner: string): Promise<readonly Listed[]> {
    const found = await this.#link.run(() => this.#lists.findOne({ _id: text(owner) }));
    return found?.list ?? [];
  }

  /** Writes the name of a user who is listed already; tells whether there is one. */
  async rename(owner: string, user: string, name: string): Promise<boolean> {
    const done = await this.#link.run(() =>
      this.#lists.updateOne({ _id: text(owner), "list.user": text(user) }, { $set: { "list.$.name": text(name) } }),
    );
    return done.matchedCount === 1;
  }

  /** Adds them unless they are listed already or the list has `bound` entries. */
  add(owner: string, entry: Listed, bound: number): Promise<"added" | "known" | "full"> {
    return retryOptimistically(async () => {
      if (bound > 0 && (await this.#push(owner, entry, bound))) return "added";
      const found = await this.#link.run(() =>
        this.#lists.findOne({ _id: text(owner) }, { readConcern: { level: "local" } }),
      );
      const list = found?.list ?? [];
      if (list.some(({ user }) => user === entry.user)) return "known";
      if (list.length >= bound) return "full";
      return found === null && (await this.#begin(owner, entry)) ? "added" : undefined;
    });
  }

  async remove(owner: string, user: string): Promise<boolean> {
    const done = await this.#link.run(() =>
      this.#lists.updateOne({ _id: text(owner) }, { $pull: { list: { user: text(user) } } }),
    );
    return done.modifiedCount === 1;
  }

  async #push(owner: string, entry: Listed, bound: number): Promise<boolean> {
    const isFree = { "list.user": { $ne: entry.user }, [`list.${bound - 1}`]: { $exists: false } };
    const done = await this.#link.run(() =>
      this.#lists.updateOne({ _id: text(owner), ...isFree }, { $push: { list: entry } }),
    );
    return done.modifiedCount === 1;
  }

  async #begin(owner: string, entry: Listed): Promise<boolean> {
    try {
      await this.#link.run(() => this.#lists.insertOne({ _id: text(owner), list: [entry] }));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}
