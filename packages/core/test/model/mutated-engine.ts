import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Engine } from "@echoo/core";

const source = fileURLToPath(new URL("../../src", import.meta.url));
const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** A fault that somebody might make, and that a model has to see. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The engine with one fault, as a module of its own in a folder that goes with the tests. */
export async function mutatedEngine(
  { file, from, to }: Mutation,
  atEnd: (run: () => void) => void,
): Promise<typeof Engine> {
  const folder = mkdtempSync(join(tmpdir(), "echoo-mutation-"));
  atEnd(() => rmSync(folder, { recursive: true }));
  cpSync(source, join(folder, "src"), { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const path = join(folder, "src", file);
  const text = readFileSync(path, "utf8");
  assert.equal(text.split(from).length, 2, `${file} has changed: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const module = (await import(pathToFileURL(join(folder, "src/engine/engine.ts")).href)) as { Engine: typeof Engine };
  return module.Engine;
}
