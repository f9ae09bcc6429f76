import type { Steady } from "@echoo/core";
import { auditBounds } from "./audit-bounds.ts";

type Bounds = Pick<
  typeof auditBounds,
  "perSourceAnHour" | "perEventAMinute" | "refusalsAMinute" | "sourcesMax" | "sourceWindowMs" | "sumUpEveryMs"
>;

/** Which entries are written singly: a flood of one kind, or by one source, neither fills the disk nor hides others. */
export class AuditQuota {
  readonly #bounds: Bounds;
  readonly #bySource = new Map<string, number>();
  readonly #byKind = new Map<string, number>();
  #hour = 0;
  #minute = 0;

  constructor(bounds: Bounds = auditBounds) {
    this.#bounds = bounds;
  }

  /** Counts it if it may be written. `hasNoHour`: how many its source has within the hour does not matter. */
  takes(kind: string, source: string, isRefusal: boolean, nowMs: Steady, hasNoHour = false): boolean {
    this.#roll(nowMs);
    const { perSourceAnHour, perEventAMinute, refusalsAMinute, sourcesMax } = this.#bounds;
    const inMinute = this.#byKind.get(kind) ?? 0;
    if (inMinute >= (isRefusal ? refusalsAMinute : perEventAMinute)) return false;
    const key = `${kind} ${source}`;
    const inHour = this.#bySource.get(key) ?? 0;
    const isFull = inHour >= perSourceAnHour || (inHour === 0 && this.#bySource.size >= sourcesMax);
    if (isFull && !hasNoHour) return false;
    this.#byKind.set(kind, inMinute + 1);
    if (!hasNoHour) this.#bySource.set(key, inHour + 1);
    return true;
  }

  #roll(nowMs: Steady): void {
    const hour = Math.floor(nowMs / this.#bounds.sourceWindowMs);
    const minute = Math.floor(nowMs / this.#bounds.sumUpEveryMs);
    if (hour !== this.#hour) this.#bySource.clear();
    if (minute !== this.#minute) this.#byKind.clear();
    this.#hour = hour;
    this.#minute = minute;
  }
}
