import { basename } from "node:path";
import { costOf } from "./costs.mjs";
import { endToEnd } from "./test-files.mjs";

/** @typedef {import("./run-job.mjs").Job} Job */
/** @typedef {import("./test-files.mjs").TestFiles} TestFiles */

/** Fast test files that share a process at most: enough to load nearly everything once, few enough for a second core. */
const maxFilesTogether = 40;
/** What a fast file takes in such a process. */
const fastFileSeconds = 0.5;

/**
 * The fast tests of a workspace share a process. Most of what one of their files would cost alone is loading what the others
 * load as well.
 * @param {readonly string[]} files
 * @returns {Job[]}
 */
export function fastJobs(files) {
  return [...byWorkspace(files)].flatMap(([workspace, all]) => {
    const jobs = Math.ceil(all.length / maxFilesTogether);
    const size = Math.ceil(all.length / jobs);
    return Array.from({ length: jobs }, (_, index) => {
      const part = all.slice(index * size, (index + 1) * size);
      const name = `fast tests of ${workspace}${jobs > 1 ? ` (${index + 1} of ${jobs})` : ""}`;
      return { name, files: part, cores: 1, seconds: part.length * fastFileSeconds };
    });
  });
}

/** What a test file of its own takes before its first test: Node, the compiler, and nearly everything that there is to load. */
const loadingSeconds = 1.5;
/** So many seconds of slow files share a process, as long as none of them stands out by itself; browsers come one by one. */
const maxSecondsTogether = 60;
const maxBrowserSecondsTogether = 150;
/** Folders whose files leave nothing behind in their process, and measure nothing of it. */
const sharing = /\/test\/(ws|app|e2e|store|store-mongo|journal|records|folder|browser)\/|hostile\/(hostile|log)-/;
/** Files of other folders that do as well: they ask servers of their own, and wait for them. */
const sharingFiles =
  /slow\/(blocked-caller|canaries|coturn|coturn-peers|every-column|posted-calls|store-check|mongo-faults-(disk|erasure))\.test/;

/** @param {string} file */
const mayShare = (file) => sharing.test(file) || sharingFiles.test(file);
/** @param {string} file */
const folderOf = (file) => file.slice(0, file.lastIndexOf("/"));

/**
 * Slow test files of a folder share processes where that folder allows it: loading what they share, and starting a browser,
 * is a good part of what each takes alone.
 * @param {readonly string[]} files
 * @returns {Job[]}
 */
export function slowJobs(files) {
  /** @type {Job[]} */
  const jobs = [];
  for (const file of files) {
    const folder = folderOf(file);
    const cost = costOf(file);
    const at = jobs.findLastIndex(({ files: [other = ""] }) => mayShare(other) && folderOf(other) === folder);
    const last = jobs[at];
    const limit = folder.endsWith("/test/browser") ? maxBrowserSecondsTogether : maxSecondsTogether;
    if (last === undefined || !mayShare(file) || last.seconds + cost.seconds > limit) {
      jobs.push({ name: file, files: [file], ...cost });
      continue;
    }
    const [first = ""] = last.files;
    const seconds = last.seconds + Math.max(0, cost.seconds - loadingSeconds);
    const busy = last.cores * last.seconds + cost.cores * (seconds - last.seconds);
    const together = [...last.files, file];
    jobs[at] = {
      name: `${together.length} files of ${folder}, from ${nameOf(first)} to ${nameOf(file)}`,
      files: together,
      cores: busy / seconds,
      seconds,
    };
  }
  return jobs;
}

/** @param {string} file */
const nameOf = (file) => basename(file, ".test.ts");

/**
 * Everything that `npm test` runs of these files, and once more on MongoDB those that must hold on any store.
 * @param {TestFiles} files
 * @param {{ onMongodb: boolean }} options
 * @returns {Job[]}
 */
export function allJobs(files, { onMongodb }) {
  const again = endToEnd(files);
  const once = onMongodb ? [...slowJobs(again.server), ...slowJobs(again.browser)] : [];
  return [
    ...fastJobs(files.fast),
    ...slowJobs(files.slow),
    ...slowJobs(files.browser),
    ...once.map((job) => ({ ...job, name: `${job.name} on MongoDB`, env: { ECHOO_TEST_STORE: "mongodb" } })),
  ];
}

/** @param {readonly string[]} files */
function byWorkspace(files) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const file of files) {
    const workspace = file.slice(0, file.indexOf("/test/"));
    found.set(workspace, [...(found.get(workspace) ?? []), file]);
  }
  return found;
}
