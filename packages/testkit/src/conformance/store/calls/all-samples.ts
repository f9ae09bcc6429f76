import type { SampleBatch, Statistics } from "@echoo/core";

/** Every batch of a side, page after page. */
export async function allSamples(
  statistics: Statistics,
  callId: string,
  reporter: string,
): Promise<readonly SampleBatch[]> {
  const batches: SampleBatch[] = [];
  let after: string | undefined;
  do {
    const page = await statistics.samplePage(callId, reporter, after);
    batches.push(...page.batches);
    after = page.next;
  } while (after !== undefined);
  return batches;
}
