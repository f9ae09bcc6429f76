import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

/** @typedef {import("./tally-reporter.mjs").TestEvent} TestEvent */

/** The counts of one process among many: the last line of the run has those of all. */
const sum = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** @param {AsyncIterable<TestEvent>} source */
async function* withoutSums(source) {
  for await (const event of source) {
    if (event.type !== "test:diagnostic" || !sum.test(event.data.message ?? "")) yield event;
  }
}

/**
 * The reporter `spec` of node:test, without the eight lines of sums at its end.
 * @param {AsyncIterable<TestEvent>} source
 */
export default async function* specWithoutSums(source) {
  yield* Readable.from(withoutSums(source)).pipe(new spec());
}
