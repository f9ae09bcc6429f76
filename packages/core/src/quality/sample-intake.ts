import { limits, type Sample } from "@echoo/protocol";
import type { Steady } from "../ports/clock.ts";
import type { SampleBatch } from "../ports/journal.ts";

const dayMs = 24 * 3_600_000;
/** Users whose samples are counted at once; those beyond share one count. */
export const countedUsersMax = 100_000;
const shared = "";

interface Count {
  samples: number;
  readonly untilMs: Steady;
}

/**
 * The one way in for samples, whichever way they came: so many of a user in 24 hours, in pieces of a bounded size. How
 * many of a call are kept is for the store's writer to see to, which thins them out and refuses none.
 */
export class SampleIntake {
  readonly #maxUsers: number;
  readonly #counts = new Map<string, Count>();

  /** A test may lower the bound. */
  constructor(maxUsers = countedUsersMax) {
    this.#maxUsers = maxUsers;
  }

  /** The samples in pieces, or how long their reporter has to wait. They are taken together or not at all. */
  take(batch: SampleBatch, nowMs: Steady): readonly SampleBatch[] | number {
    const count = this.#countOf(batch.reporter, nowMs);
    // An event costs what a sample does.
    const more = batch.samples.length + (batch.report?.events.length ?? 0);
    if (count.samples + more > limits.samplesPerUserDay) return count.untilMs - nowMs;
    count.samples += more;
    return [...pieces(batch)];
  }

  #countOf(user: string, nowMs: Steady): Count {
    const known = this.#counts.get(user);
    if (known && known.untilMs > nowMs) return known;
    this.#counts.delete(user);
    if (this.#counts.size >= this.#maxUsers) this.#forgetPast(nowMs);
    if (this.#counts.size >= this.#maxUsers && user !== shared) return this.#countOf(shared, nowMs);
    const count = { samples: 0, untilMs: nowMs + dayMs };
    this.#counts.set(user, count);
    return count;
  }

  /** A map keeps the order of insertion, and all last equally long: the first are the ones that are over. */
  #forgetPast(nowMs: Steady): void {
    for (const [user, { untilMs }] of this.#counts) {
      if (untilMs > nowMs) return;
      this.#counts.delete(user);
    }
  }
}

/** Each has a name that follows from the whole's, so that the whole again is the same pieces again. */
function* pieces({ report, ...batch }: SampleBatch): Iterable<SampleBatch> {
  const { samples } = batch;
  const size = limits.samplesPerBatch;
  if (report !== undefined && report.events.length > 0) yield { ...batch, samples: [], report };
  for (let from = 0; from < samples.length; from += size) {
    const name = samples.length <= size ? batch.batch : `${batch.batch}.${from / size}`;
    yield { ...batch, batch: name, samples: samples.slice(from, from + size).map(withShortLabels) };
  }
}

/** A name that a client makes up is no reason to refuse its figures, and none to store all of it. */
function withShortLabels(sample: Sample): Sample {
  const { codec } = sample;
  return codec === undefined || codec.length <= limits.codecChars
    ? sample
    : { ...sample, codec: codec.slice(0, limits.codecChars) };
}
