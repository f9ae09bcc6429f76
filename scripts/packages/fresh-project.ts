import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { root } from "../setup/root.mjs";

const runFile = promisify(execFile);
const limitMs = 90_000;

/**
 * A project of someone else: a folder outside the workspace, with packed packages installed in it. Tools of development come
 * from this checkout, so that nothing is fetched.
 */
export class FreshProject {
  readonly folder = mkdtempSync(join(tmpdir(), "echoo-project-"));

  /** With `peers` of this checkout that the packed packages leave to their users, and the files of an example. */
  static async with(
    tarballs: readonly string[],
    { peers = [], example }: { readonly peers?: readonly string[]; readonly example?: string } = {},
  ): Promise<FreshProject> {
    const project = new FreshProject();
    if (example !== undefined) project.#copy(join(root, "examples", example));
    // Its package.json names packages of npm, which are linked here and not fetched.
    project.write("package.json", JSON.stringify({ name: "someone-elses", private: true, type: "module" }));
    await project.npm("install", "--offline", "--legacy-peer-deps", ...tarballs);
    for (const peer of peers) {
      const target = join(project.folder, "node_modules", peer);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(root, "node_modules", peer), target);
    }
    return project;
  }

  /** Without what somebody installed or built there. */
  #copy(folder: string): void {
    const isSource = (path: string) => !/^(node_modules|dist|package-lock\.json)$/.test(basename(path));
    cpSync(folder, this.folder, { recursive: true, filter: isSource });
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  npm(...args: readonly string[]): Promise<string> {
    return this.run("npm", ["--no-audit", "--no-fund", "--ignore-scripts", ...args]);
  }

  /** A tool of this checkout, by its file below `node_modules`. */
  tool(file: string, ...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, [resolve(root, "node_modules", file), ...args]);
  }

  /** Resolves with what was written; rejects with it where the command fails. */
  async run(command: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await runFile(command, [...args], { cwd: this.folder, timeout: limitMs });
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Type-checks its files as that project would, with the declarations of packages as well. */
  async types(compiler: string, options: Readonly<Record<string, unknown>>): Promise<void> {
    const compilerOptions = { target: "es2022", strict: true, noEmit: true, types: [], ...options };
    this.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src"] }));
    await this.tool(compiler, "-p", ".");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
