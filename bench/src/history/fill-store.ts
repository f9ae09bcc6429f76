import type { EndedCall, Store } from "@echoo/core";
import { type HistorySize, hasStatistics, madeUpCalls, madeUpStatistics, reader } from "./made-up-history.ts";

const batchSize = 1_000;
const sayEveryMs = 5_000;

/** Fills an empty store through its port, as the record writer does. */
export async function fillStore(store: Store, size: HistorySize, say: (line: string) => void): Promise<void> {
  await store.users.ensure(reader, { displayName: "Reader" }, Date.now());
  let done = 0;
  let saidAtMs = performance.now();
  for (const batch of batches(madeUpCalls(size, Date.now()), batchSize)) {
    await store.calls.record(batch);
    await store.statistics.putReported(batch.filter(hasStatistics).map(madeUpStatistics));
    done += batch.length;
    if (performance.now() - saidAtMs > sayEveryMs) {
      saidAtMs = performance.now();
      say(`  ${done} of ${size.calls} calls stored`);
    }
  }
}

function* batches(calls: Iterable<EndedCall>, size: number): Iterable<EndedCall[]> {
  let batch: EndedCall[] = [];
  for (const call of calls) {
    batch.push(call);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
