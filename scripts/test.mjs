// `npm test`: everything CI runs, with all of its set-up. `npm test -- packages/core` runs the test files of one path.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { ensureChromium } = await import("./services/chromium.mjs");
const { ensureFirefox } = await import("./services/firefox.mjs");
const { ensureCoturn, ensureNetworks } = await import("./services/coturn.mjs");
const { ensureMongod, hasMongod } = await import("./services/mongod.mjs");
const { ensureSchemathesis } = await import("./services/schemathesis.mjs");
const { ensurePorcupine } = await import("./services/porcupine.mjs");
const { ensureRedis } = await import("./services/redis.mjs");
const { ensureNginx } = await import("./services/nginx.mjs");
const { giveUp } = await import("./setup/say.mjs");
const { root } = await import("./setup/root.mjs");
const { endToEnd, findTests } = await import("./testing/test-files.mjs");
const { houseSteps } = await import("./testing/house-steps.mjs");
const { allJobs } = await import("./testing/jobs.mjs");
const { runJobs } = await import("./testing/run-jobs.mjs");
const { Session } = await import("./testing/session.mjs");
const { startSharedMongodb } = await import("./testing/shared-mongodb.mjs");

const minuteMs = 60_000;
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const files = findTests(root, filters);
if (filters.length > 0 && files.fast.length + files.slow.length + files.browser.length === 0) {
  giveUp(`No test file has ${filters.join(" or ")} in its path.`);
}
const again = endToEnd(files);
const runsAgain = again.server.length + again.browser.length > 0;
const needsMongod = runsAgain || [...files.fast, ...files.slow].some((file) => /mongo|server\/test\/nodes/.test(file));

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
  if (needsMongod) await ensureMongod();
  if ([...files.fast, ...files.slow].some((file) => /cluster\/test|server\/test\/nodes/.test(file)))
    await ensureRedis();
  if (files.slow.some((file) => file.includes("linearizability"))) await ensurePorcupine();
  return 0;
});
if (filters.length === 0) await session.together(houseSteps());

/** @type {Awaited<ReturnType<typeof startSharedMongodb>> | undefined} */
let mongodb;
if (needsMongod && hasMongod() && !process.env.ECHOO_TEST_MONGODB_URI) {
  await session.step("MongoDB", async () => {
    mongodb = await startSharedMongodb();
    process.env.ECHOO_TEST_MONGODB_URI = mongodb.uri;
    return 0;
  });
}
await session.phase("tests", () => {
  // Servers are started from what was built just now.
  process.env.ECHOO_TEST_BUILT = "true";
  // Under CI=true the tests run without it as well, and fail.
  const onMongodb = hasMongod() || process.env.CI === "true";
  return runJobs(allJobs(files, { onMongodb }), { jobLimitMs: 5 * minuteMs, runLimitMs: 40 * minuteMs });
});
if (runsAgain && !hasMongod() && process.env.CI !== "true") {
  const skipped = ["end-to-end tests on MongoDB (no mongod)"];
  await session.phase("tests on MongoDB", async () => ({ passed: 0, failed: 0, skipped }));
}
await mongodb?.stop();
session.end();
