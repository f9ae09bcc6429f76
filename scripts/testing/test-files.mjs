import { readdirSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ fast: string[], slow: string[], browser: string[] }} TestFiles */

/** Where the tests take seconds each: they start servers, databases or thousands of simulations. */
const slowFolder = /\/test\/(slow|simulation|e2e|ws|app|hostile|nodes|store|store-mongo|journal|records|folder)\//;

/**
 * Every test file of the workspaces and the scripts. The folder says what it needs: `test/browser/` a real browser and the
 * built phone, or more time than one wants to wait for while writing.
 * @param {string} root
 * @param {readonly string[]} filters parts of paths; none of them takes everything
 * @returns {TestFiles}
 */
export function findTests(root, filters) {
  /** @type {TestFiles} */
  const files = { fast: [], slow: [], browser: [] };
  const wanted = filters.map((filter) => filter.replace(/^\.\//, ""));
  for (const file of testFolders(root)
    .flatMap((folder) => below(root, folder))
    .sort()) {
    if (wanted.length > 0 && !wanted.some((filter) => file.includes(filter))) continue;
    if (file.includes("/test/browser/")) files.browser.push(file);
    else if (slowFolder.test(file)) files.slow.push(file);
    else files.fast.push(file);
  }
  return files;
}

/** The end-to-end tests that must hold whatever the server stores in: they run a second time, on MongoDB. */
const onAnyStore = [
  ...["seed-readme", "every-message", "crash", "sdk", "shutdown", "invitations"].map(
    (name) => `packages/server/test/e2e/${name}.test.ts`,
  ),
  ...["resume", "relay", "sessions-end"].map((name) => `packages/server/test/ws/${name}.test.ts`),
  "apps/phone/test/browser/two-people.test.ts",
];

/** @param {TestFiles} files */
export function endToEnd({ slow, browser }) {
  return {
    server: slow.filter((file) => onAnyStore.includes(file)),
    browser: browser.filter((file) => onAnyStore.includes(file)),
  };
}

/** @param {string} root */
function testFolders(root) {
  const workspaces = ["packages", "apps", "examples"].flatMap((kind) =>
    names(join(root, kind)).map((name) => `${kind}/${name}/test`),
  );
  return [...workspaces, "scripts/test", "bench/test"];
}

/** @param {string} root @param {string} folder @returns {string[]} */
function below(root, folder) {
  return names(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
    .map((name) => `${folder}/${name}`);
}

/** @param {string} folder @param {{ recursive?: boolean }} [options] @returns {string[]} */
function names(folder, options) {
  try {
    return readdirSync(folder, { ...options, encoding: "utf8" });
  } catch {
    return [];
  }
}
