import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const assets = `${dist}assets/`;

/** What a visitor fetches to sign in, to see who is there, and to place or take a call. */
const firstScriptBytes = 60 * 1024;
/** What comes once there is nothing else to do, or when it is opened: each script, and all of them. */
const laterScriptBytes = 6 * 1024;
/** With what a call tells of itself, and the sentences of verdicts. */
const laterScriptsBytes = 20 * 1024;
/** The worker that rings while no page is open, and keeps the page for when there is no connection. */
const workerBytes = 3 * 1024;

const gzipped = (name: string) => gzipSync(readFileSync(assets + name)).length;
const inKb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

/** The script that the page names, and all that it imports before it runs. */
function firstScripts(): ReadonlySet<string> {
  const html = readFileSync(`${dist}index.html`, "utf8");
  const found = new Set([...html.matchAll(/\/assets\/([^"]+\.js)"/g)].map(([, name = ""]) => name));
  for (const name of found) {
    for (const [, imported = ""] of readFileSync(assets + name, "utf8").matchAll(
      /(?:from|import)\s*["'`]\.\/([^"'`]+\.js)/g,
    )) {
      found.add(imported);
    }
  }
  return found;
}

describe("the built page", () => {
  it("is at most 60 KB of script, gzipped, and what is fetched later 20 KB more, 6 KB each", (t) => {
    const first = firstScripts();
    assert.ok(first.size > 0);
    const later = readdirSync(assets).filter((name) => name.endsWith(".js") && !first.has(name));
    assert.deepEqual(later.map((name) => name.replace(/-.{8}\.js$/, "")).sort(), [
      "call-details",
      "call-report",
      "invite",
      "own-devices",
      "quality-graphs",
      "report-calls",
      "rolldown-runtime",
      "stats-sampler",
    ]);
    const [firstBytes, laterBytes] = [[...first], later].map((names) => names.map(gzipped).reduce((a, b) => a + b, 0));
    t.diagnostic(`${inKb(firstBytes ?? 0)} of script, gzipped, and ${inKb(laterBytes ?? 0)} later`);
    assert.ok(firstBytes && firstBytes <= firstScriptBytes, `${firstBytes} bytes`);
    assert.ok(laterBytes && laterBytes <= laterScriptsBytes, `${laterBytes} bytes later`);
    assert.ok(gzipSync(readFileSync(`${dist}sw.js`)).length <= workerBytes);
    for (const name of later) assert.ok(gzipped(name) <= laterScriptBytes, `${name}: ${gzipped(name)} bytes`);
  });

  it("has a smaller form of each of its texts", () => {
    const texts = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(html|js|css)$/.test(name),
    );
    assert.ok(texts.length >= 3);
    for (const name of texts) {
      const bytes = readFileSync(dist + name);
      assert.deepEqual(brotliDecompressSync(readFileSync(`${dist}${name}.br`)), bytes);
      assert.deepEqual(gunzipSync(readFileSync(`${dist}${name}.gz`)), bytes);
    }
  });

  it("holds nothing that a strict content security policy would block, and no address outside", () => {
    const html = readFileSync(`${dist}index.html`, "utf8");
    assert.doesNotMatch(html, /\sstyle=|\son\w+=/);
    assert.doesNotMatch(html, /(src|href)="(?!\/(?!\/))/);
    // The policy of the page allows both by their hashes; the first answer has to stay within ten packets.
    assert.equal(html.match(/<style>|<script>/g)?.length, 2);
    assert.ok(gzipSync(html).length < 4 * 1024);
  });
});
