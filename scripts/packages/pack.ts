import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "../setup/build.mjs";
import { fingerprint, listFiles } from "../setup/fingerprint.mjs";
import { holding } from "../setup/lock.mjs";
import { root } from "../setup/root.mjs";
import { type Library, stageLibrary } from "./stage-library.ts";
import { stageServer } from "./stage-server.ts";

const libraries: readonly Library[] = [
  { name: "client", platform: "browser", pageFile: "echoo-client.min.js" },
  { name: "react", platform: "browser" },
  { name: "admin", platform: "node" },
];

/** Where the packed packages are, by the names of their workspaces. */
export type Packed = Readonly<Record<"client" | "react" | "admin" | "echoo", string>>;

const folder = join(root, ".cache/packages");
const stamp = join(folder, "stamp");
const inputs = ["package-lock.json", "LICENSE", "packages", "apps", "scripts/packages"];

/** Packs what is published, as `npm publish` would, unless that was done since the last change. */
export async function ensurePacked(): Promise<Packed> {
  await ensureBuilt();
  await holding(join(root, ".cache/packages.lock"), async () => {
    const wanted = fingerprint(root, listFiles(root, inputs));
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
    rmSync(folder, { recursive: true, force: true });
    for (const library of libraries) {
      const staged = join(folder, "staged", library.name);
      await stageLibrary(library, staged);
      npmPack(staged, library.name);
    }
    stageServer(join(folder, "staged/echoo"));
    npmPack(join(folder, "staged/echoo"), "echoo");
    writeFileSync(stamp, wanted);
  });
  const names = [...libraries.map(({ name }) => name), "echoo"];
  return Object.fromEntries(names.map((name) => [name, tarball(name)])) as Packed;
}

const tarball = (name: string) => join(folder, `${name}.tgz`);

function npmPack(staged: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: staged });
  const [packed] = JSON.parse(output.toString()) as { readonly filename: string }[];
  if (packed === undefined) throw new Error(`npm packed nothing of ${name}.`);
  renameSync(join(folder, packed.filename.replace("@", "").replace("/", "-")), tarball(name));
}
