import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const maxScriptBytes = 60 * 1024;

describe("the built page", () => {
  it("is at most 60 KB of script, gzipped", (t) => {
    const scripts = readdirSync(`${dist}assets`).filter((name) => name.endsWith(".js"));
    assert.ok(scripts.length > 0);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(`${dist}assets/${name}`)).length, 0);
    t.diagnostic(`${(bytes / 1024).toFixed(1)} KB of script, gzipped`);
    assert.ok(bytes <= maxScriptBytes, `${bytes} bytes`);
  });

  it("holds nothing that a strict content security policy would block, and no address outside", () => {
    const html = readFileSync(`${dist}index.html`, "utf8");
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    assert.doesNotMatch(html, /(src|href)="(?!\/[^/])/);
  });
});
