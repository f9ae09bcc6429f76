import { type Clock, HourCount, type MarkedHour, type Pause, putHour, type Store } from "@echoo/core";
import { recordBounds } from "../record-bounds.ts";

export interface HourCounterOptions {
  readonly store: Pick<Store, "qualityHours" | "statistics">;
  readonly clock: Clock;
  readonly pause: Pause;
  /** An hour could not be counted now; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

const { countEveryMs, hourClaimMs, countedPerStep } = recordBounds;

/** Counts the hours anew whose calls or summaries changed: each from all that is stored, so that nothing counts twice. */
export class HourCounter {
  readonly #options: HourCounterOptions;
  #cancelTimer: (() => void) | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(options: HourCounterOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Counts every marked hour that no other node is counting; tells how many. */
  async countAll(): Promise<number> {
    const { store, clock } = this.#options;
    for (let counted = 0; ; counted++) {
      const nowMs = clock.now();
      const hour = this.#isStopped ? undefined : await store.qualityHours.claim(nowMs, nowMs + hourClaimMs);
      if (hour === undefined) return counted;
      const count = await this.#count(hour);
      // The hour that runs changes with every call: it is not counted after each.
      await putHour(store.qualityHours, hour, count, clock.now() + hourClaimMs);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#cancelTimer = this.#options.clock.after(countEveryMs, () => {
      this.#running = this.countAll()
        .catch(this.#options.onFault)
        .finally(() => this.#schedule());
    });
  }

  async #count({ hourMs }: MarkedHour): Promise<HourCount> {
    const { store, pause } = this.#options;
    const count = new HourCount();
    for (let after: string | undefined; ; ) {
      const calls = await store.qualityHours.callsOf(hourMs, after, countedPerStep);
      count.add(calls, await store.statistics.summaries(calls.map(({ callId }) => callId)));
      if (calls.length < countedPerStep || this.#isStopped) break;
      after = calls.at(-1)?.callId;
      await pause();
    }
    return count;
  }
}
