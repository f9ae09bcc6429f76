import type { Pause, SampleBatch, Statistics } from "@echoo/core";
import type { Side } from "./side.ts";

/** All batches of a side, some at a time, in no order that means anything; a step of long work each. */
export async function* samplePages(
  statistics: Pick<Statistics, "samplePage">,
  { callId, reporter }: Side,
  pause: Pause,
): AsyncGenerator<readonly SampleBatch[], void> {
  let after: string | undefined;
  do {
    if (after !== undefined) await pause();
    const page = await statistics.samplePage(callId, reporter, after);
    if (page.batches.length > 0) yield page.batches;
    after = page.next;
  } while (after !== undefined);
}
