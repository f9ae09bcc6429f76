// `npm run check`: what to run before a commit. Format, lint, types, tidy, generated files and the fast tests, under a minute.
import { checkNode } from "./setup/node-version.mjs";

checkNode();
const { prepare } = await import("./setup/prepare.mjs");
const { root } = await import("./setup/root.mjs");
const { findTests } = await import("./testing/test-files.mjs");
const { houseSteps } = await import("./testing/house-steps.mjs");
const { fastJobs } = await import("./testing/jobs.mjs");
const { runJobs } = await import("./testing/run-jobs.mjs");
const { Session } = await import("./testing/session.mjs");

const minuteMs = 60_000;

const session = new Session();
await session.step("set-up", () => prepare().then(() => 0));
await session.together(houseSteps());
const { fast } = findTests(root, []);
await session.phase("fast tests", () =>
  runJobs(fastJobs(fast), { jobLimitMs: 2 * minuteMs, runLimitMs: 5 * minuteMs }),
);
session.end();
