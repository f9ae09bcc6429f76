// `npm test`: everything CI runs, with all of its set-up. `npm test -- packages/core` runs the test files of one path.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { ensureChromium } = await import("./setup/chromium.mjs");
const { ensureFirefox } = await import("./setup/firefox.mjs");
const { ensureCoturn, ensureNetworks } = await import("./setup/coturn.mjs");
const { ensureMongod, hasMongod } = await import("./setup/mongod.mjs");
const { ensureSchemathesis } = await import("./setup/schemathesis.mjs");
const { ensureNginx } = await import("./setup/nginx.mjs");
const { giveUp } = await import("./setup/say.mjs");
const { root } = await import("./setup/root.mjs");
const { endToEnd, findTests } = await import("./testing/test-files.mjs");
const { houseSteps } = await import("./testing/house-steps.mjs");
const { runTests } = await import("./testing/run-tests.mjs");
const { Session } = await import("./testing/session.mjs");

const minuteMs = 60_000;
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const files = findTests(root, filters);
if (filters.length > 0 && files.fast.length + files.slow.length + files.browser.length === 0) {
  giveUp(`No test file has ${filters.join(" or ")} in its path.`);
}

const session = new Session();
await session.step("set-up", async () => {
  await prepare();
  if (files.browser.length > 0) await ensureChromium();
  if (files.browser.some((file) => file.includes("firefox"))) await ensureFirefox();
  if (files.slow.some((file) => file.includes("schemathesis"))) await ensureSchemathesis();
  const needsCoturn = [...files.slow, ...files.browser].some((file) => /coturn|relay-call|two-networks/.test(file));
  if (needsCoturn) await ensureCoturn();
  if ([...files.slow, ...files.browser].some((file) => file.includes("two-networks"))) await ensureNetworks();
  if (files.slow.some((file) => file.includes("nginx"))) await ensureNginx();
  const again = endToEnd(files);
  const needsMongod = [...files.fast, ...files.slow].some((file) => file.includes("mongo"));
  if (needsMongod || again.server.length + again.browser.length > 0) await ensureMongod();
  return 0;
});
if (filters.length === 0) for (const step of houseSteps()) await session.step(step.name, step.run);
const tests = [...files.fast, ...files.slow];
if (tests.length > 0) {
  await session.phase("tests", () =>
    runTests(tests, { concurrency: 2, fileLimitMs: 5 * minuteMs, runLimitMs: 25 * minuteMs }),
  );
}
// One browser test at a time: two Chromiums with fake cameras starve each other, and a measured call with them.
if (files.browser.length > 0) {
  await session.phase("browser tests", () =>
    runTests(files.browser, { concurrency: 1, fileLimitMs: 5 * minuteMs, runLimitMs: 20 * minuteMs }),
  );
}
// The same promises on the other store: the real call, the browsers included.
const again = endToEnd(files);
await onMongodb("end-to-end tests on MongoDB", again.server, { concurrency: 2, fileLimitMs: 5 * minuteMs });
await onMongodb("browser tests on MongoDB", again.browser, { concurrency: 1, fileLimitMs: 5 * minuteMs });
session.end();

/**
 * @param {string} name
 * @param {readonly string[]} tests
 * @param {{ concurrency: number, fileLimitMs: number }} bounds
 */
async function onMongodb(name, tests, bounds) {
  if (tests.length === 0) return;
  await session.phase(name, async () => {
    if (!hasMongod() && process.env.CI !== "true") return { passed: 0, failed: 0, skipped: [`${name} (no mongod)`] };
    return runTests(tests, { ...bounds, runLimitMs: 10 * minuteMs, env: { ECHOO_TEST_STORE: "mongodb" } });
  });
}
