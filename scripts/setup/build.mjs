import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { copyDocsFiles } from "./docs-files.mjs";
import { fingerprint, listFiles } from "./fingerprint.mjs";
import { holding } from "./lock.mjs";
import { precompress } from "./precompress.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

/**
 * What is built, from which files, into which. The order is that of the arrows.
 * @typedef {{ name: string, inputs: string[], outputs: string[], build: () => Promise<number>, clean: () => void }} Target
 */

/** The files that a package is entered by, without their ending: those that are there. */
const entries = (/** @type {string} */ name) =>
  ["index", "main"].filter((entry) => existsSync(join(root, `packages/${name}/src/${entry}.ts`)));

/** The test kit is missing on purpose: tests run it from its sources. */
const packages = ["protocol", "core", "accounts", "storage", "cluster", "server", "client", "react", "admin"].filter(
  (name) => entries(name).length > 0,
);
const shared = ["package-lock.json", "tsconfig.base.json"];

/** @type {Target} */
const compiled = {
  name: "packages",
  inputs: [
    ...shared,
    ...packages.flatMap((name) => ["src", "package.json", "tsconfig.json"].map((part) => `packages/${name}/${part}`)),
  ],
  outputs: [
    ...packages.flatMap((name) => entries(name).map((entry) => `packages/${name}/dist/${entry}.js`)),
    "packages/server/dist/docs/swagger-ui/swagger-ui-bundle.js.br",
    "packages/server/dist/docs/documents/host/openapi.json",
  ],
  build: async () => {
    const code = await run(process.execPath, [
      "node_modules/typescript/bin/tsc",
      "-b",
      ...packages.map((name) => `packages/${name}`),
    ]);
    if (code !== 0) return code;
    for (const name of packages) copyAssets(`packages/${name}`);
    copyDocsFiles();
    const written = await run(process.execPath, ["packages/server/dist/docs/write-documents.js"]);
    if (written !== 0) return written;
    precompress(join(root, "packages/server/dist/docs/swagger-ui"));
    return code;
  },
  clean: () => {
    for (const name of packages) rmSync(join(root, `packages/${name}/dist`), { recursive: true, force: true });
  },
};

/** @param {string} app @returns {Target} */
function page(app) {
  return {
    name: app,
    inputs: [...shared, `apps/${app}`, "packages/protocol/src", "packages/client/src"],
    outputs: [`apps/${app}/dist/index.html`, `apps/${app}/dist/index.html.br`],
    build: async () => {
      const vite = join(root, "node_modules/vite/bin/vite.js");
      const code = await run(process.execPath, [vite, "build", "--logLevel", "warn"], {
        cwd: join(root, `apps/${app}`),
      });
      if (code === 0) precompress(join(root, `apps/${app}/dist`));
      return code;
    },
    clean: () => {},
  };
}

/**
 * The compiler leaves out what is not TypeScript: numbered .sql files, scripts for the database.
 * @param {string} folder
 */
function copyAssets(folder) {
  for (const file of listFiles(root, [`${folder}/src`])) {
    if (/\.(ts|tsx|md)$/.test(file)) continue;
    const target = join(root, file.replace(`${folder}/src/`, `${folder}/dist/`));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, file), target);
  }
}

/** @returns {Target[]} */
function targets() {
  const apps = readdirSync(join(root, "apps")).filter((app) => existsSync(join(root, `apps/${app}/index.html`)));
  return [...(packages.length > 0 ? [compiled] : []), ...apps.sort().map(page)];
}

/** @param {string} name */
const stampPath = (name) => join(root, `.cache/build/${name}.json`);

/** @param {string} name @returns {{ fingerprint: string, files: string[] } | undefined} */
function readStamp(name) {
  try {
    return JSON.parse(readFileSync(stampPath(name), "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {Target} target */
function isCurrent(target) {
  const stamp = readStamp(target.name);
  if (stamp === undefined || !target.outputs.every((file) => existsSync(join(root, file)))) return false;
  return stamp.fingerprint === fingerprint(root, listFiles(root, target.inputs));
}

/**
 * The stamp is taken away first and written last, with the fingerprint from before: an interrupted build, or an edit while
 * it runs, is built again.
 * @param {Target} target
 */
async function build(target) {
  const startedMs = Date.now();
  const files = listFiles(root, target.inputs);
  const before = fingerprint(root, files);
  const stamp = readStamp(target.name);
  rmSync(stampPath(target.name), { force: true });
  // The compiler never takes away the output of a source that is gone, nor notices an output that is.
  const lost = stamp === undefined || !target.outputs.every((file) => existsSync(join(root, file)));
  if (lost || stamp.files.some((file) => !existsSync(join(root, file)))) target.clean();
  say(`Building ${target.name === "packages" ? "the packages" : `apps/${target.name}`}…`);
  if ((await target.build()) !== 0) throw new Error(`Building ${target.name} failed: the messages above say where.`);
  const next = `${stampPath(target.name)}.${process.pid}`;
  mkdirSync(dirname(next), { recursive: true });
  writeFileSync(next, JSON.stringify({ fingerprint: before, files }));
  renameSync(next, stampPath(target.name));
  say(`Built in ${seconds(startedMs)}.`);
}

/** Builds what is missing or older than its sources. Costs a few milliseconds where nothing is. */
export async function ensureBuilt() {
  if (targets().every(isCurrent)) return;
  await holding(join(root, ".cache/build.lock"), async () => {
    for (const target of targets()) if (!isCurrent(target)) await build(target);
  });
}
