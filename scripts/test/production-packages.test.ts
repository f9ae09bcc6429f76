import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
/** What `npm ci --omit=dev` installs, by its path. */
const inProduction = Object.entries(packages).filter(([path, { dev }]) => path.includes("node_modules/") && !dev);

test("no package of a production installation runs anything when it is installed", () => {
  assert.ok(inProduction.some(([path]) => path === "node_modules/express"));
  const running = inProduction.filter(([, { hasInstallScript }]) => hasInstallScript);
  assert.deepEqual(
    running.map(([path]) => path),
    [],
  );
});

test("a production installation brings neither browsers' remote controls nor what reports installations", () => {
  const unwanted = /node_modules\/(playwright.*|puppeteer.*|@scarf\/.*|swagger-ui-dist)$/;
  assert.deepEqual(
    inProduction.filter(([path]) => unwanted.test(path)),
    [],
  );
});

test("nor does a package for development run anything in this folder", () => {
  assert.match(readFileSync(join(root, ".npmrc"), "utf8"), /^ignore-scripts=true$/m);
});
