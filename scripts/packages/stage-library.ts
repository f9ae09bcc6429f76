import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "../setup/root.mjs";
import { fileOf, type Manifest, publishedManifest, sourceOf, typesOf } from "./manifest.ts";
import { withoutLocalLinks } from "./readme.ts";
import { writeDeclarations } from "./write-declarations.ts";

export interface Library {
  /** Of the workspace, below `packages`. */
  readonly name: string;
  readonly platform: "browser" | "node";
  /** A minified file of the main entry, for pages without a build. */
  readonly pageFile?: string;
}

/**
 * Writes a library as it is published into a folder: modules that a bundler takes, one for each entry with what they share
 * beside them, and declarations that need no other package.
 */
export async function stageLibrary({ name, platform, pageFile }: Library, target: string): Promise<void> {
  const workspace = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(workspace, "package.json"), "utf8")) as Manifest;
  const entries = Object.keys(manifest.exports);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "dist"), { recursive: true });
  const external = Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies }).filter(
    (dependency) => dependency !== "@echoo/protocol",
  );
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [fileOf(entry), join(workspace, sourceOf(manifest, entry))])),
    platform: platform === "node" ? "node" : "neutral",
    // Nested, so that `@echoo/client/fake` stays outside as well.
    external: (id) => external.some((dependency) => id === dependency || id.startsWith(`${dependency}/`)),
    ...reading,
    // The banner below does what it warns of.
    onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
  });
  const main = readFileSync(join(workspace, sourceOf(manifest, ".")), "utf8");
  await bundle.write({
    dir: join(target, "dist"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name]-[hash].js",
    // A bundler drops it from the middle of a file, where it would mean nothing.
    banner: /^"use client"/.test(main) ? '"use client";' : "",
  });
  await bundle.close();
  if (pageFile !== undefined)
    await writePageFile(join(workspace, sourceOf(manifest, ".")), join(target, "dist"), pageFile);
  writeDeclarations(
    join(workspace, "dist"),
    entries.map((entry) => typesOf(manifest, entry)),
    join(target, "dist/types"),
  );
  writeFileSync(join(target, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  writeFileSync(join(target, "README.md"), withoutLocalLinks(readFileSync(join(workspace, "README.md"), "utf8")));
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
}

/** The protocol's tables are wanted without its validators, which would weigh more than all the rest. */
const reading = {
  resolve: { conditionNames: ["source", "import", "default"] },
  treeshake: { moduleSideEffects: (id: string) => !/packages\/protocol|node_modules\/zod/.test(id) },
};

/** What a page without a build begins with; the parts that are fetched in a call lie in the folder beside it. */
async function writePageFile(input: string, dir: string, file: string): Promise<void> {
  const bundle = await rolldown({ input, platform: "browser", ...reading });
  await bundle.write({
    dir,
    entryFileNames: file,
    chunkFileNames: "parts/[name]-[hash].min.js",
    format: "esm",
    minify: true,
  });
  await bundle.close();
}
