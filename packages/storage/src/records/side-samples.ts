import { type Pause, type SampleBatch, type SideSummary, type Store, SummaryBuilder } from "@echoo/core";
import { samplePages } from "./read-samples.ts";
import { recordBounds } from "./record-bounds.ts";
import { RememberedFigures } from "./remembered-figures.ts";
import { type Side, sideKey } from "./side.ts";

export interface SideSamplesOptions {
  readonly store: Pick<Store, "statistics">;
  readonly pause: Pause;
  /** Smaller ones, for tests of what happens one past them. */
  readonly bounds?: Partial<SampleBounds>;
}

export type SampleBounds = Readonly<
  Record<"samplesPerSide" | "storedPerSide" | "followedSides" | "rememberedSamples" | "samplesPerStep", number>
>;

interface FollowedSide {
  readonly side: Side;
  readonly key: string;
  /** Samples in the store, those that a summary does not need among them. */
  stored: number;
}

/**
 * The samples of sides, as far as they are kept: what a proper client sends is kept whole, what is more is thinned out
 * evenly over the whole call, in the store as well. The figures of the sides that samples came for last are remembered,
 * so that a summary needs no look at the store. Those of others are read back, a step at a time, when a summary is due.
 */
export class SideSamples {
  readonly #statistics: Store["statistics"];
  readonly #pause: Pause;
  readonly #bounds: SampleBounds;
  /** In the order of their last use. */
  readonly #sides = new Map<string, FollowedSide>();
  readonly #figures: RememberedFigures;

  constructor({ store, pause, bounds }: SideSamplesOptions) {
    this.#statistics = store.statistics;
    this.#pause = pause;
    this.#bounds = { ...recordBounds, ...bounds };
    this.#figures = new RememberedFigures(this.#bounds.rememberedSamples);
  }

  /** Stores what the batches have that is not there yet. One that was stored before brings nothing. */
  async add(batches: readonly SampleBatch[]): Promise<void> {
    try {
      const fresh = await this.#takeIn(batches);
      await this.#statistics.addSamples(fresh.map(({ batch }) => batch));
      for (const { followed, batch } of fresh) followed.stored += batch.samples.length;
      for (const { followed } of fresh) {
        // Reading back what is not remembered sees to it by itself.
        if (followed.stored > this.#bounds.storedPerSide) await this.#thin(followed, await this.#builderOf(followed));
      }
    } catch (error) {
      // What is remembered may be more than what is stored.
      for (const batch of batches) this.#forget(sideKey(batch));
      throw error;
    }
  }

  /** How many samples a side has. */
  sizeOf(side: Side): number {
    const key = sideKey(side);
    return this.#figures.use(key, ({ size }) => size) ?? this.#sides.get(key)?.stored ?? 0;
  }

  /** Of all samples of the side; undefined where there are none. */
  async summary(side: Side): Promise<SideSummary | undefined> {
    const builder = await this.#builderOf(await this.#follow(side));
    return builder.size === 0 ? undefined : builder.summary();
  }

  /** What the store has of this user was deleted. */
  forgetReporter(reporter: string): void {
    for (const [key, { side }] of this.#sides) if (side.reporter === reporter) this.#forget(key);
  }

  async #takeIn(batches: readonly SampleBatch[]) {
    const fresh: { readonly followed: FollowedSide; readonly batch: SampleBatch }[] = [];
    let taken = 0;
    for (const batch of batches) {
      const followed = await this.#follow(batch);
      const samples = this.#newOf(followed, batch.samples);
      if (samples.length > 0) fresh.push({ followed, batch: { ...batch, samples } });
      taken += batch.samples.length;
      if (taken < this.#bounds.samplesPerStep) continue;
      taken = 0;
      await this.#pause();
    }
    return fresh;
  }

  /** Where no figures are remembered all are taken for new: the store knows a batch again, and thinning the rest. */
  #newOf({ key }: FollowedSide, samples: SampleBatch["samples"]): SampleBatch["samples"] {
    return this.#figures.use(key, (builder) => samples.filter((sample) => builder.add(sample))) ?? samples;
  }

  async #follow({ callId, reporter }: Side): Promise<FollowedSide> {
    const side = { callId, reporter };
    const key = sideKey(side);
    const known = this.#sides.get(key);
    const followed = known ?? { side, key, stored: 0 };
    // At its end again: a map keeps the order of insertion.
    this.#sides.delete(key);
    this.#sides.set(key, followed);
    const [oldest] = this.#sides.keys();
    if (this.#sides.size > this.#bounds.followedSides && oldest !== undefined) this.#forget(oldest);
    if (known === undefined) await this.#readBack(followed);
    return followed;
  }

  async #builderOf(followed: FollowedSide): Promise<SummaryBuilder> {
    return this.#figures.use(followed.key, (builder) => builder) ?? (await this.#readBack(followed));
  }

  async #readBack(followed: FollowedSide): Promise<SummaryBuilder> {
    const builder = new SummaryBuilder(this.#bounds.samplesPerSide);
    followed.stored = 0;
    for await (const batches of samplePages(this.#statistics, followed.side, this.#pause)) {
      for (const { samples } of batches) {
        for (const sample of samples) builder.add(sample);
        followed.stored += samples.length;
      }
    }
    this.#figures.put(followed.key, builder);
    // As a process left it that died in the middle of thinning, or an earlier version.
    if (followed.stored > this.#bounds.storedPerSide) await this.#thin(followed, builder);
    return builder;
  }

  /** Takes out of the store what a summary does not need, and what is there twice. */
  async #thin(followed: FollowedSide, builder: SummaryBuilder): Promise<void> {
    const claimed = new Uint8Array(builder.size);
    const claim = (sample: SampleBatch["samples"][number]) => {
      const at = builder.find(sample);
      if (at === undefined || claimed[at] === 1) return false;
      claimed[at] = 1;
      return true;
    };
    let stored = 0;
    for await (const batches of samplePages(this.#statistics, followed.side, this.#pause)) {
      const thinner = batches.map((batch) => ({ ...batch, samples: batch.samples.filter(claim) }));
      stored += thinner.reduce((sum, { samples }) => sum + samples.length, 0);
      const changed = thinner.filter(({ samples }, i) => samples.length < (batches[i]?.samples.length ?? 0));
      await this.#statistics.thinSamples(changed);
    }
    followed.stored = stored;
  }

  #forget(key: string): void {
    this.#sides.delete(key);
    this.#figures.forget(key);
  }
}
