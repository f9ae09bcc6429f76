import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a page may pay for the SDK, of the 60 KB that the phone has for the scripts of its first visit. */
const maxGzippedBytes = 20 * 1024;
/** What comes later, with the first connection and the first call. */
const maxLateGzippedBytes = 4 * 1024;

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
      splitting: true,
      outdir: "/",
      metafile: true,
      format: "esm",
      platform: "browser",
      conditions: ["source"],
    });
    const [bytes = 0, ...late] = outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
    const lateBytes = late.reduce((sum, one) => sum + one, 0);
    t.diagnostic(`${bytes} bytes, gzipped, and ${lateBytes} that are fetched later`);
    assert(bytes <= maxGzippedBytes, `${bytes} bytes`);
    assert(lateBytes <= maxLateGzippedBytes, `${lateBytes} bytes later`);
    // Names of unused modules stay in the list of inputs; what counts is what came out.
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    const shipped = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    assert.deepEqual(
      shipped.map(([path]) => path).filter((path) => path.includes("/zod/") || path.includes("/fake/")),
      [],
    );
  });
});
