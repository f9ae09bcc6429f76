// `npm run check`: what to run before a commit. Format, lint, types, tidy, generated files and the fast tests, under a minute.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { root } = await import("./setup/root.mjs");
const { findTests } = await import("./testing/test-files.mjs");
const { houseSteps } = await import("./testing/house-steps.mjs");
const { runTests } = await import("./testing/run-tests.mjs");
const { Session } = await import("./testing/session.mjs");

const session = new Session();
await session.step("set-up", () => prepare().then(() => 0));
for (const step of houseSteps()) await session.step(step.name, step.run);
const { fast } = findTests(root, []);
if (fast.length > 0) {
  await session.phase("fast tests", () =>
    runTests(fast, { concurrency: 2, fileLimitMs: 60_000, runLimitMs: 5 * 60_000 }),
  );
}
session.end();
