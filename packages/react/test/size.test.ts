import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What an app pays for the hooks and components, beside React and the SDK. */
const maxGzippedBytes = 6 * 1024;

describe("the hooks and components in a browser's bundle", () => {
  it("weigh at most 6 KB gzipped", async (t) => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "browser",
      external: ["react", "react/*", "@echoo/client", "@echoo/client/*"],
    });
    const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    t.diagnostic(`${bytes} bytes, gzipped`);
    assert.ok(bytes > 0 && bytes <= maxGzippedBytes, `${bytes} bytes`);
  });
});
