import {
  type Instant,
  inSteps,
  type MadeVerdict,
  type Pause,
  replacesVerdict,
  type SampleBatch,
  type SideEvidence,
  type Store,
  type StoredCall,
  type StoredSummary,
  type StoredTimeline,
  verdictsOf,
} from "@echoo/core";
import { samplePages } from "../read-samples.ts";
import { recordBounds } from "../record-bounds.ts";
import { hourOf } from "./hour-of.ts";

export interface VerdictMakerOptions {
  readonly store: Pick<Store, "calls" | "statistics" | "reports" | "qualityHours">;
  readonly pause: Pause;
  readonly now: () => Instant;
  /** A call got its first verdict. */
  readonly onFirst: (call: StoredCall) => void;
}

const { verdictsPerStep, recountedDays, storedPerSide } = recordBounds;
const dayMs = 86_400_000;

/** Makes verdicts of ended calls, from all that is stored of them at that moment. Again: changes nothing. */
export class VerdictMaker {
  readonly #options: VerdictMakerOptions;

  constructor(options: VerdictMakerOptions) {
    this.#options = options;
  }

  /** Those of these calls that have ended, and that the server saw itself. */
  async judge(callIds: readonly string[]): Promise<void> {
    const { store, pause } = this.#options;
    await inSteps([...new Set(callIds)], verdictsPerStep, pause, async (some) => {
      const found = await store.calls.findMany(some);
      const calls = found.filter(({ reportedBy }) => reportedBy === undefined);
      if (calls.length > 0) await this.#judgeSome(calls);
    });
  }

  async #judgeSome(calls: readonly StoredCall[]): Promise<void> {
    const { store, now, onFirst } = this.#options;
    const ids = calls.map(({ callId }) => callId);
    const [timelines, summaries] = await Promise.all([store.reports.timelines(ids), store.statistics.summaries(ids)]);
    const made: MadeVerdict[] = [];
    for (const call of calls) {
      const [caller, callee] = [
        await this.#evidence(call.callId, call.caller, timelines, summaries),
        await this.#evidence(call.callId, call.callee, timelines, summaries),
      ];
      const verdict = verdictsOf({ record: call, sides: { caller, callee }, server: call.server ?? {} });
      if (replacesVerdict(call.verdict, verdict)) made.push({ callId: call.callId, verdict });
    }
    await store.calls.putVerdicts(made);
    const youngestMs = now() - recountedDays * dayMs;
    const hours = calls.map(({ createdAtMs }) => hourOf(createdAtMs)).filter((hour) => hour >= youngestMs);
    if (hours.length > 0) await store.qualityHours.mark(hours);
    const verdicts = new Map(made.map(({ callId, verdict }) => [callId, verdict]));
    for (const call of calls) {
      const verdict = verdicts.get(call.callId);
      if (call.verdict === undefined && verdict !== undefined) onFirst({ ...call, verdict });
    }
  }

  async #evidence(
    callId: string,
    reporter: string,
    timelines: readonly StoredTimeline[],
    summaries: readonly StoredSummary[],
  ): Promise<SideEvidence> {
    const isOwn = (one: { readonly callId: string; readonly reporter: string }) =>
      one.callId === callId && one.reporter === reporter;
    const timeline = timelines.find(isOwn);
    const { statistics } = this.#options.store;
    const samples: SampleBatch["samples"][number][] = [];
    // Where there are samples there is a summary of them: it was computed just before.
    if (summaries.find(isOwn)?.summary !== undefined) {
      for await (const batches of samplePages(statistics, { callId, reporter }, this.#options.pause)) {
        for (const batch of batches) samples.push(...batch.samples);
        if (samples.length > storedPerSide) break;
      }
    }
    return { samples, ...(timeline === undefined ? {} : { timeline }) };
  }
}
