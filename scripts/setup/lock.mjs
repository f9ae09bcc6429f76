import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { say } from "./say.mjs";

const patienceMs = 5 * 60_000;

/**
 * Runs the work while holding a lock file, so that two builds of one checkout do not write over each other. A lock
 * whose process is gone is taken over; one that is held for five minutes is not believed any more.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function holding(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  const startedMs = Date.now();
  let told = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined || !isAlive(holder) || Date.now() - startedMs > patienceMs) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) say(`Another build is running (process ${holder}); waiting for it…`);
    told = true;
    await wait(100);
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path @returns {number | undefined} */
function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    // A file that is still empty belongs to a process that is just writing it.
    return pid === 0 ? process.pid : pid;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
