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

/**
 * Everything that `npm test` runs of these files: the fast ones together, each other one in a process of its own, and those
 * that must hold on any store once more on MongoDB.
 * @param {TestFiles} files
 * @param {{ onMongodb: boolean }} options
 * @returns {Job[]}
 */
export function allJobs(files, { onMongodb }) {
  /** @type {(file: string) => Job} */
  const alone = (file) => ({ name: file, files: [file], ...costOf(file) });
  const again = endToEnd(files);
  const once = onMongodb ? [...again.server, ...again.browser] : [];
  return [
    ...fastJobs(files.fast),
    ...[...files.slow, ...files.browser].map(alone),
    ...once.map((file) => ({ ...alone(file), name: `${file} on MongoDB`, env: { ECHOO_TEST_STORE: "mongodb" } })),
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
