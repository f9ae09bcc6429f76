import { cpus } from "node:os";
import { say, seconds } from "../setup/say.mjs";
import { runJob } from "./run-job.mjs";

/** @typedef {import("./run-job.mjs").Counts} Counts */
/** @typedef {import("./run-job.mjs").Job} Job */

/** Cores that the jobs keep busy at once. CI has two, and tests that measure were made on two. */
const cores = 2;
/** However little they do, each has its processes in memory. */
const maxJobsAtOnce = 6;

/**
 * Runs jobs side by side as far as the cores reach. What each wrote comes in one piece, when it is done.
 * @param {readonly Job[]} jobs
 * @param {{ jobLimitMs: number, runLimitMs: number }} limits
 * @returns {Promise<Counts>}
 */
export async function runJobs(jobs, { jobLimitMs, runLimitMs }) {
  const waiting = inOrder(jobs);
  /** @type {Map<Job, Promise<void>>} */
  const running = new Map();
  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: [] };
  const beganMs = Date.now();
  const endMs = beganMs + runLimitMs;
  const busyBefore = busySeconds();

  /** @param {Job} job */
  const start = async (job) => {
    const startedMs = Date.now();
    const { counts, output, cpuSeconds } = await runJob(job, Math.max(1, Math.min(jobLimitMs, endMs - startedMs)));
    running.delete(job);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped.push(...counts.skipped);
    process.stdout.write(output);
    const took = (Date.now() - startedMs) / 1000;
    // A browser does not tell its own what its processes took.
    const isTold = cpuSeconds !== undefined && !job.files.some((file) => file.includes("/test/browser/"));
    const busy = isTold ? `, ${(cpuSeconds / took).toFixed(2)} cores` : "";
    say(`${job.name}: ${counts.failed > 0 ? "FAILED" : "ok"} (${seconds(startedMs)}${busy})`);
  };

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((job) => fits(job, [...running.keys()]));
    const [job] = next === -1 ? [] : waiting.splice(next, 1);
    if (job === undefined) await Promise.race(running.values());
    else running.set(job, start(job));
  }
  const tookSeconds = (Date.now() - beganMs) / 1000;
  say(`${((busySeconds() - busyBefore) / tookSeconds).toFixed(2)} cores of this machine were busy on average.`);
  return total;
}

/** Of all cores together, since the machine was started. */
function busySeconds() {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;
}

/**
 * Those first that fit beside the fewest others, which would find no room before all the others are done; then the longest.
 * @param {readonly Job[]} jobs
 */
export function inOrder(jobs) {
  const wide = (/** @type {Job} */ job) => Math.max(1, job.cores);
  return jobs.toSorted((a, b) => wide(b) - wide(a) || b.seconds - a.seconds);
}

/**
 * Whether there is room for a job beside those that run. One that wants more than all cores runs alone.
 * @param {Job} job
 * @param {readonly Job[]} running
 */
export function fits(job, running) {
  if (running.length === 0) return true;
  const busy = running.reduce((sum, other) => sum + other.cores, 0);
  return running.length < maxJobsAtOnce && busy + job.cores <= cores;
}
