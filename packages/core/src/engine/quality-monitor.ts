import type { Sample, ServerMessageByType } from "@echoo/protocol";
import { estimateMos, qualityLevel } from "../quality/mos.ts";
import { newQualityWatch, type QualityWatch, watchQuality } from "../quality/watch.ts";

type QualityMessage = ServerMessageByType<"quality">;

/** What the sides of running calls measure right now. One entry a call and side, gone with the call. */
export class QualityMonitor {
  readonly #watches = new Map<string, Map<string, QualityWatch>>();

  /** The news that a batch brings, if it says anything about quality. */
  measure(callId: string, from: string, samples: readonly Sample[]): QualityMessage | undefined {
    const sides = this.#watches.get(callId) ?? new Map<string, QualityWatch>();
    this.#watches.set(callId, sides);
    let watch = sides.get(from) ?? newQualityWatch;
    let mos: number | undefined;
    for (const sample of samples) {
      [watch] = watchQuality(watch, sample);
      mos = estimateMos(sample) ?? mos;
    }
    sides.set(from, watch);
    if (mos === undefined) return undefined;
    return { type: "quality", callId, from, mos, level: qualityLevel(mos), warnings: [...watch.raised] };
  }

  forget(callId: string): void {
    this.#watches.delete(callId);
  }
}
