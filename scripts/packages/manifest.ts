import { basename } from "node:path";

interface Entry {
  readonly source: string;
  readonly types: string;
  readonly default: string;
}

/** What is read of a workspace's package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, Entry>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function entryOf({ name, exports }: Manifest, entry: string): Entry {
  const found = exports[entry];
  if (found === undefined) throw new Error(`${name} has no entry ${entry}.`);
  return found;
}

export const sourceOf = (manifest: Manifest, entry: string) => entryOf(manifest, entry).source;

/** Where the declarations of an entry are below `dist`. */
export const typesOf = (manifest: Manifest, entry: string) => entryOf(manifest, entry).types.replace("./dist/", "");

/** The name of an entry's file, without its ending. */
export const fileOf = (entry: string) => (entry === "." ? "index" : basename(entry));

/**
 * The package.json that is published: no sources, which are not in the package (bundlers that know the condition `source`
 * would look for them), nothing of development, and no dependency that was bundled.
 */
export function publishedManifest(manifest: Manifest): object {
  const { "@echoo/protocol": _, ...dependencies } = manifest.dependencies ?? {};
  const exports = Object.keys(manifest.exports).map((entry) => [
    entry,
    {
      types: `./dist/types/${typesOf(manifest, entry)}`,
      default: `./dist/${fileOf(entry)}.js`,
    },
  ]);
  return {
    ...manifest,
    private: undefined,
    scripts: undefined,
    devDependencies: undefined,
    dependencies: Object.keys(dependencies).length > 0 ? dependencies : undefined,
    exports: { ...Object.fromEntries(exports), "./package.json": "./package.json" },
    files: ["dist"],
    publishConfig: { access: "public", provenance: true },
  };
}
