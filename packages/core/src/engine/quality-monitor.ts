import type { Sample, ServerMessageByType } from "@echoo/protocol";
import type { SideNow } from "../ports/admin/running-control.ts";
import { estimateMos, qualityLevel } from "../quality/mos.ts";
import { newQualityWatch, type QualityWatch, watchQuality } from "../quality/watch.ts";

type QualityMessage = ServerMessageByType<"quality">;

interface Measured {
  readonly watch: QualityWatch;
  /** The last score; absent until a sample has one. */
  readonly mos?: number;
}

/** What the sides of running calls measure right now. One entry a call and side, gone with the call. */
export class QualityMonitor {
  readonly #watches = new Map<string, Map<string, Measured>>();

  /** The news that a batch brings, if it says anything about quality. */
  measure(callId: string, from: string, samples: readonly Sample[]): QualityMessage | undefined {
    const sides = this.#watches.get(callId) ?? new Map<string, Measured>();
    this.#watches.set(callId, sides);
    const before = sides.get(from);
    let watch = before?.watch ?? newQualityWatch;
    let mos: number | undefined;
    for (const sample of samples) {
      [watch] = watchQuality(watch, sample);
      mos = estimateMos(sample) ?? mos;
    }
    const last = mos ?? before?.mos;
    sides.set(from, last === undefined ? { watch } : { watch, mos: last });
    if (mos === undefined) return undefined;
    return { type: "quality", callId, from, mos, level: qualityLevel(mos), warnings: [...watch.raised] };
  }

  /** The sides that measure, of one call or of all. */
  *sides(callId?: string): Generator<SideNow> {
    const calls = callId === undefined ? this.#watches.values() : [this.#watches.get(callId) ?? new Map()];
    for (const sides of calls) {
      for (const [user, { watch, mos }] of sides as ReadonlyMap<string, Measured>) {
        if (mos !== undefined) yield { user, mos, warnings: watch.raised };
      }
    }
  }

  forget(callId: string): void {
    this.#watches.delete(callId);
  }
}
