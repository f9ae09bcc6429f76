/** How many keys of a finding are named. */
const namedKeys = 5;

/** Something that breaks an invariant, wherever it was found. */
export interface Finding {
  /** A sentence about one entry. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly count: number;
  /** The first ones. */
  readonly keys: readonly string[];
}

/** Gathers findings by what they say. There are as many kinds as there are sentences in the checks. */
export class Findings {
  readonly #found = new Map<
    string,
    { readonly what: string; readonly remedy: string; count: number; keys: string[] }
  >();

  add(what: string, remedy: string, ...keyParts: readonly string[]): void {
    const finding = this.#found.get(what) ?? { what, remedy, count: 0, keys: [] };
    finding.count++;
    if (finding.keys.length < namedKeys) finding.keys.push(keyParts.join(" "));
    this.#found.set(what, finding);
  }

  list(): readonly Finding[] {
    return [...this.#found.values()];
  }
}
