import type { Pause, Store } from "@echoo/core";
import { evenly, type Sample } from "@echoo/protocol";
import { recordBounds, type Side, samplePages } from "@echoo/storage";

interface ShownSamplesDeps {
  readonly store: Pick<Store, "statistics">;
  readonly pause: Pause;
}

/** As many samples as a side is ever kept with. */
const maxSamples = recordBounds.samplesPerSide;

/**
 * The samples of a side, oldest first, read a step at a time. Of more than a side is kept with, which are there until
 * they are thinned out, as many are taken evenly: both ends of the call are shown.
 */
export async function shownSamples({ store, pause }: ShownSamplesDeps, side: Side): Promise<Sample[]> {
  let samples: Sample[] = [];
  for await (const batches of samplePages(store.statistics, side, pause)) {
    samples = samples.concat(...batches.map((batch) => batch.samples));
    if (samples.length > 2 * maxSamples) samples = evenly(inOrder(samples), maxSamples);
  }
  return evenly(inOrder(samples), maxSamples);
}

function inOrder(samples: Sample[]): Sample[] {
  return samples.sort((a, b) => a.t - b.t);
}
