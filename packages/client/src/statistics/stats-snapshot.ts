/** One entry of a `getStats()` report. Its figures vary by browser, so each is looked at before it is believed. */
export interface StatsEntry {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly [figure: string]: unknown;
}

/** What `getStats()` gives, and recorded fixtures too. */
export interface StatsSource {
  forEach(visit: (entry: StatsEntry) => void): void;
}

/** A report, indexed by what a sample asks of it. */
export class StatsSnapshot {
  readonly #byId = new Map<string, StatsEntry>();

  constructor(source: StatsSource) {
    source.forEach((entry) => {
      this.#byId.set(entry.id, entry);
    });
  }

  ofType(type: string, kind?: "audio" | "video"): readonly StatsEntry[] {
    return [...this.#byId.values()].filter((entry) => entry.type === type && (!kind || entry.kind === kind));
  }

  /** The entry that another names, such as a codec or a candidate. */
  named(id: unknown): StatsEntry | undefined {
    return typeof id === "string" ? this.#byId.get(id) : undefined;
  }

  /** The pair in use: the transport names it in Chromium and Safari; Firefox has only its state. */
  selectedPair(): StatsEntry | undefined {
    const named = this.ofType("transport").map((transport) => this.named(transport.selectedCandidatePairId));
    const usable = (pair: StatsEntry) => pair.nominated === true && pair.state === "succeeded";
    return named.find((pair) => pair !== undefined) ?? this.ofType("candidate-pair").find(usable);
  }
}

export function numberIn(entry: StatsEntry | undefined, figure: string): number | undefined {
  const value = entry?.[figure];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function textIn(entry: StatsEntry | undefined, figure: string): string | undefined {
  const value = entry?.[figure];
  return typeof value === "string" ? value : undefined;
}
