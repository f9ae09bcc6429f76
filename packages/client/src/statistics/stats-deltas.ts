import { numberIn, type StatsEntry } from "./stats-snapshot.ts";

/** Remembers counters from one report to the next. A replaced track or stream starts afresh. */
export class StatsDeltas {
  #before = new Map<string, number>();
  #now = new Map<string, number>();

  /** Takes the counters read since the last call as those to compare with. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** How far a counter moved since the last report; undefined where either reading is missing. */
  of(entry: StatsEntry, figure: string): number | undefined {
    const value = numberIn(entry, figure);
    if (value === undefined) return undefined;
    // A stream that gets another track or source keeps its id in some browsers while its counters start over.
    const source = entry.trackIdentifier ?? entry.mediaSourceId ?? "";
    const key = `${entry.id} ${entry.ssrc ?? ""} ${source} ${figure}`;
    this.#now.set(key, value);
    const before = this.#before.get(key);
    return before === undefined ? undefined : value - before;
  }

  /** The sum over several entries of those movements that are known and not backwards. */
  sum(entries: readonly StatsEntry[], figure: string): number | undefined {
    const known = entries.flatMap((entry) => this.of(entry, figure) ?? []).filter((delta) => delta >= 0);
    return known.length === 0 ? undefined : known.reduce((total, delta) => total + delta, 0);
  }
}
