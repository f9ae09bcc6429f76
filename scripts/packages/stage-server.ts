import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../setup/root.mjs";

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly engines: object;
  readonly exports?: Readonly<Record<string, { readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What the server is made of, beside itself. They have no use outside it, and come inside its package. */
const parts = ["protocol", "core", "accounts", "storage", "cluster"];

/**
 * Writes the package `echoo` into a folder: the built server and its pages where they are to each other in a checkout, and
 * the workspaces that it imports as packages that are bundled with it. It starts what `npm start` starts.
 */
export function stageServer(target: string): void {
  rmSync(target, { recursive: true, force: true });
  const server = manifestOf("packages/server");
  copyBuilt("packages/server", join(target, "packages/server"));
  cpSync(join(root, "packages/server/bin"), join(target, "packages/server/bin"), { recursive: true });
  writeJson(join(target, "packages/server/package.json"), {
    name: "@echoo/server",
    version: server.version,
    type: "module",
  });
  for (const app of readdirSync(join(root, "apps"))) {
    const built = join(root, "apps", app, "dist");
    if (existsSync(built)) cpSync(built, join(target, "apps", app, "dist"), { recursive: true });
  }
  const manifests = [server];
  for (const part of parts) {
    const manifest = manifestOf(`packages/${part}`);
    const folder = join(target, "node_modules/@echoo", part);
    manifests.push(manifest);
    copyBuilt(`packages/${part}`, folder);
    const exports = Object.entries(manifest.exports ?? {}).map(([entry, to]) => [entry, to.default]);
    const name = `@echoo/${part}`;
    writeJson(join(folder, "package.json"), {
      name,
      version: manifest.version,
      type: "module",
      exports: Object.fromEntries(exports),
    });
  }
  writeJson(join(target, "package.json"), publishedManifest(server, manifests));
  writeFileSync(join(target, "README.md"), readme);
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
}

function publishedManifest({ version, license, engines }: Manifest, all: readonly Manifest[]): object {
  const outside = all.flatMap(({ dependencies = {} }) =>
    Object.entries(dependencies).filter(([name]) => !name.startsWith("@echoo/")),
  );
  const inside = parts.map((part) => `@echoo/${part}`);
  return {
    name: "echoo",
    version,
    license,
    description: "A self-hosted server for one-to-one audio and video calls, with its web phone",
    type: "module",
    engines,
    bin: { echoo: "packages/server/bin/echoo.mjs" },
    exports: { "./package.json": "./package.json" },
    files: ["packages", "apps"],
    dependencies: Object.fromEntries([...outside.sort(), ...inside.map((name) => [name, version])]),
    bundleDependencies: inside,
    publishConfig: { access: "public", provenance: true },
  };
}

const readme = `# echoo

A self-hosted server for one-to-one audio and video calls, with its web phone.

\`\`\`sh
npx echoo
\`\`\`

starts it on port 3000 and says what is open and to whom; \`npx echoo --help\` has the settings and commands. Data is kept in
\`./data\`. Node 20.19 or newer. The SDK for your own pages is \`@echoo/client\`.
`;

/** Without what only compilers read. */
function copyBuilt(workspace: string, target: string): void {
  mkdirSync(target, { recursive: true });
  const filter = (path: string) => !/\.d\.ts(\.map)?$|^\.tsbuildinfo$/.test(basename(path));
  cpSync(join(root, workspace, "dist"), join(target, "dist"), { recursive: true, filter });
}

function manifestOf(workspace: string): Manifest {
  return JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8")) as Manifest;
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
