import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const scriptBytes = 150 * 1024;

describe("the built dashboard", () => {
  it("is at most 150 KB of script as it runs, and asks nobody else for anything", (t) => {
    const scripts = readdirSync(`${dist}assets`).filter((name) => name.endsWith(".js"));
    const bytes = scripts.reduce((sum, name) => sum + statSync(`${dist}assets/${name}`).size, 0);
    t.diagnostic(`${(bytes / 1024).toFixed(1)} KB of script`);
    assert.ok(bytes > 0 && bytes <= scriptBytes, `${bytes} bytes`);
    assert.doesNotMatch(readFileSync(`${dist}index.html`, "utf8"), /(src|href)="(https?:)?\/\//);
  });
});
