import { clientLimits, type Sample } from "@echoo/protocol";
import { type ClientClock, callClock, type Instant } from "../client-clock.ts";
import type { StatsSampler } from "./stats-sampler.ts";
import type { StatsSource } from "./stats-snapshot.ts";

const sampleEveryMs = 2_000;
const samplesPerFlush = 5;
/** What one `stats` message holds, and all that is kept while the server is away: the newest two minutes. */
const maxPending = clientLimits.samplesPerBatch;
export const maxKept = 300;

interface StatisticsPort {
  readonly clock: ClientClock;
  /** Undefined while no media flows: nothing is measured then. */
  getStats(): Promise<StatsSource | undefined>;
  peerSendsVideo(): boolean;
  canSend(): boolean;
  send(samples: readonly Sample[]): void;
  sampled(sample: Sample): void;
}

/** Samples a connected call every 2 s and sends the samples every 10 s. */
export class CallStatistics {
  readonly #port: StatisticsPort;
  /** A part that is fetched with the first call: what reads the counters is needed once media flows. */
  readonly #sampler = newSampler();
  readonly #time: () => Instant;
  #cancel: (() => void) | undefined;
  #stopped = false;
  #pending: Sample[] = [];
  #kept: readonly Sample[] = [];

  constructor(port: StatisticsPort) {
    this.#port = port;
    this.#time = callClock(port.clock);
  }

  /** The last 300, oldest first. */
  get samples(): readonly Sample[] {
    return this.#kept;
  }

  start(): void {
    if (this.#cancel !== undefined || this.#stopped) return;
    const tick = () => {
      this.#cancel = this.#port.clock.after(sampleEveryMs, tick);
      this.#sample().catch(() => undefined);
    };
    tick();
  }

  /** The track or connection was replaced: its counters do not continue. */
  reset(): void {
    this.#sampler.then((sampler) => sampler.reset(), ignored);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    this.#port.send(this.#pending);
    this.#pending = [];
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #sample(): Promise<void> {
    const source = await this.#port.getStats();
    const sampler = await this.#sampler;
    if (source === undefined || this.#stopped) return;
    const sample = sampler.read(source, { t: this.#time(), video: this.#port.peerSendsVideo() });
    this.#kept = [...this.#kept, sample].slice(-maxKept);
    this.#pending = [...this.#pending, sample].slice(-maxPending);
    this.#port.sampled(sample);
    if (this.#pending.length >= samplesPerFlush && this.#port.canSend()) this.flush();
  }
}

async function newSampler(): Promise<StatsSampler> {
  const late = await import("./stats-sampler.ts");
  return new late.StatsSampler();
}

function ignored(): void {}
