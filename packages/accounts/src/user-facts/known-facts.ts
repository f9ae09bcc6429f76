import type { UserFacts } from "@echoo/core";

export interface KnownFactsBounds {
  /** Users kept in memory, and entries of their lists in all; beyond it, the one not asked for longest is forgotten. */
  readonly maxPeople: number;
  readonly maxListed: number;
}

/** Facts in the order of their last use, within bounds. */
export class KnownFacts {
  readonly #bounds: KnownFactsBounds;
  readonly #facts = new Map<string, UserFacts>();
  /** Entries of the lists of all of them. */
  #listed = 0;

  constructor(bounds: KnownFactsBounds) {
    this.#bounds = bounds;
  }

  has(userId: string): boolean {
    return this.#facts.has(userId);
  }

  /** Asking is a use. */
  get(userId: string): UserFacts | undefined {
    const facts = this.#facts.get(userId);
    if (facts !== undefined) this.set(userId, facts);
    return facts;
  }

  /** The one whose lists alone are longer than the bound is kept all the same. */
  set(userId: string, facts: UserFacts): void {
    this.delete(userId);
    this.#facts.set(userId, facts);
    this.#listed += listedBy(facts);
    for (const longestUnused of this.#facts.keys()) {
      const fits = this.#facts.size <= this.#bounds.maxPeople && this.#listed <= this.#bounds.maxListed;
      if (fits || longestUnused === userId) return;
      this.delete(longestUnused);
    }
  }

  delete(userId: string): void {
    const facts = this.#facts.get(userId);
    if (facts === undefined) return;
    this.#facts.delete(userId);
    this.#listed -= listedBy(facts);
  }

  /** Takes a user off the lists of all others. */
  unlist(userId: string): void {
    for (const [id, facts] of this.#facts) {
      if (!facts.contacts.has(userId) && !facts.blocked.has(userId)) continue;
      const contacts = new Set([...facts.contacts].filter((contact) => contact !== userId));
      const blocked = new Map([...facts.blocked].filter(([number]) => number !== userId));
      const left = { ...facts, contacts, blocked };
      this.#facts.set(id, left);
      this.#listed += listedBy(left) - listedBy(facts);
    }
  }
}

function listedBy({ contacts, blocked }: UserFacts): number {
  return contacts.size + blocked.size;
}
