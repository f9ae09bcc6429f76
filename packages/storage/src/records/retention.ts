import type { Clock, SettledNow, Store } from "@echoo/core";
import { recordBounds } from "./record-bounds.ts";

export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, "after">;
  /** The clock that things are old by. */
  readonly settled: Pick<SettledNow, "now">;
  readonly retainCallsDays: number;
  readonly retainSamplesDays: number;
  /** A sweep ended early; the next one goes on. */
  readonly onFault: (error: unknown) => void;
}

export interface Swept {
  readonly calls: number;
  readonly samples: number;
}

const dayMs = 86_400_000;

/** Deletes what is older than its retention: once at the start and then hourly, in steps with pauses between them. */
export class Retention {
  readonly #options: RetentionOptions;
  #cancelTimer: (() => void) | undefined;
  #endPause: (() => void) | undefined;
  #running: Promise<Swept> | undefined;
  #isStopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#schedule(0);
  }

  /** Deletes everything that is due; joins a sweep that is under way. */
  sweep(): Promise<Swept> {
    this.#running ??= this.#sweep().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#endPause?.();
    await this.#running?.catch(() => {});
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.sweep()
        .catch(this.#options.onFault)
        .finally(() => this.#schedule(recordBounds.sweepEveryMs));
    });
  }

  async #sweep(): Promise<Swept> {
    const { store, settled, retainCallsDays, retainSamplesDays } = this.#options;
    const now = settled.now();
    const samplesBeforeMs = now - retainSamplesDays * dayMs;
    const callsBeforeMs = now - retainCallsDays * dayMs;
    const samples = await this.#steps(recordBounds.sweepSamples, (limit) =>
      store.statistics.sweepSamples(samplesBeforeMs, limit),
    );
    await this.#steps(recordBounds.sweepSamples, (limit) => store.reports.sweep(samplesBeforeMs, limit));
    const hoursBeforeMs = now - recordBounds.qualityHoursDays * dayMs;
    await this.#steps(recordBounds.sweepHours, (limit) => store.qualityHours.sweep(hoursBeforeMs, limit));
    const calls = await this.#steps(recordBounds.sweepCalls, (limit) => store.calls.sweep(callsBeforeMs, limit));
    await this.#steps(recordBounds.sweepDevices, (limit) => store.pushDevices.sweep(now, limit));
    await this.#steps(recordBounds.sweepWebhooks, (limit) => store.webhooks.sweep(now, limit));
    return { calls, samples };
  }

  async #steps(limit: number, step: (limit: number) => Promise<number>): Promise<number> {
    let total = 0;
    while (!this.#isStopped) {
      const deleted = await step(limit);
      total += deleted;
      if (deleted < limit || this.#isStopped) break;
      await this.#pause();
    }
    return total;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(recordBounds.sweepPauseMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
