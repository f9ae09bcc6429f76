import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a page may pay for the SDK, of the 60 KB that the phone has for the scripts of its first visit. */
const maxGzippedBytes = 20 * 1024;

describe("the SDK in a browser's bundle", () => {
  it("weighs at most 20 KB gzipped, without the validators that the server has", async (t) => {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: 'export { EchooClient, EchooError, EchooRest } from "@echoo/client";',
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      conditions: ["source"],
    });
    const [bundle] = outputFiles;
    assert(bundle !== undefined);
    const bytes = gzipSync(bundle.contents, { level: 9 }).length;
    t.diagnostic(`${bytes} bytes, gzipped`);
    assert(bytes <= maxGzippedBytes, `${bytes} bytes`);
    // Names of unused modules stay in the list of inputs; what counts is what came out.
    const [output] = Object.values(metafile.outputs);
    const shipped = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    assert.deepEqual(
      shipped.map(([path]) => path).filter((path) => path.includes("/zod/") || path.includes("/fake/")),
      [],
    );
  });
});
