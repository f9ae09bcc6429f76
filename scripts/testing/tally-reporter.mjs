/** @typedef {{ name: string, message?: string, details?: { type?: string }, skip?: unknown, todo?: unknown }} TestData */
/** @typedef {{ type: string, data: TestData }} TestEvent */

/**
 * A reporter for node:test that counts tests, suites aside, and writes the counts as one line of JSON.
 * @param {AsyncIterable<TestEvent>} source
 */
export default async function* tally(source) {
  /** @type {import("./run-job.mjs").Counts} */
  const counts = { passed: 0, failed: 0, skipped: [] };
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" && type === "test:pass") continue;
    if (data.skip !== undefined && data.skip !== false)
      counts.skipped.push(typeof data.skip === "string" ? `${data.name} (${data.skip})` : data.name);
    else if (type === "test:pass" || data.todo) counts.passed += 1;
    else counts.failed += 1;
  }
  yield `${JSON.stringify(counts)}\n`;
}
