import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { API, type Project } from "typescript/unstable/sync";
import { root } from "../setup/root.mjs";
import { printType } from "./print-type.ts";

/** What takes a type parameter cannot be written out, and is said again in terms of what can. */
const generic: Readonly<Record<string, readonly [needs: string, text: string]>> = {
  ServerMessageByType: ["ServerMessage", 'T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }'],
  ParamsOf: ["RestTypes", 'Id extends keyof RestTypes> = RestTypes[Id]["params"'],
  QueryInputOf: ["RestTypes", 'Id extends keyof RestTypes> = RestTypes[Id]["query"'],
  BodyInputOf: ["RestTypes", 'Id extends keyof RestTypes> = RestTypes[Id]["body"'],
  ResponseOf: ["RestTypes", 'Id extends keyof RestTypes> = RestTypes[Id]["response"'],
};

/** Of all endpoints, since a package may name some of them by their routes alone. */
const restTypes = `{ [Id in p.OperationId]: {
  params: p.ParamsOf<Id>; query: p.QueryInputOf<Id>; body: p.BodyInputOf<Id>; response: p.ResponseOf<Id>;
} }`;

/**
 * Declarations of these types of the protocol that stand alone. They are inferred from validators; whoever installs the
 * SDK has neither those nor zod.
 */
export function declareProtocol(names: ReadonlySet<string>): string {
  const needed = [...names].flatMap((name) => generic[name]?.[0] ?? name);
  const written = [...new Set(needed)].sort();
  const source = written.map((name) => `export type ${name} = ${name === "RestTypes" ? restTypes : `p.${name}`};`);
  const printed = inProject(['import type * as p from "@echoo/protocol";', ...source].join("\n"), (project, file) => {
    const { checker } = project;
    const module = checker.getSymbolAtPosition(file, 0) ?? moduleOf(project, file);
    return checker.getExportsOfModule(module).map((symbol) => {
      return `export type ${symbol.name} = ${printType(checker, checker.getDeclaredTypeOfSymbol(symbol))};`;
    });
  });
  if (printed.length !== written.length) throw new Error("A type of the protocol was not found.");
  const again = [...names].sort().flatMap((name) => {
    const text = generic[name]?.[1];
    return text === undefined ? [] : `export type ${name}<${text}${text.includes("Extract") ? ">" : "]"};`;
  });
  return `${[...printed.sort(), ...again].join("\n")}\n`;
}

function moduleOf({ program, checker }: Project, file: string) {
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`The compiler does not know ${file}.`);
  return symbol;
}

/** The compiler's interface reads projects from the disk; this one lives as long as the work. */
function inProject<T>(source: string, work: (project: Project, file: string) => T): T {
  const cache = join(root, ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "protocol-types-"));
  const [file, config] = [join(folder, "protocol.ts"), join(folder, "tsconfig.json")];
  const compilerOptions = { customConditions: ["source"], noEmit: true };
  writeFileSync(file, source);
  writeFileSync(
    config,
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, files: ["protocol.ts"] }),
  );
  const api = new API();
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error("The compiler opened no project.");
    const [problem] = project.program.getSemanticDiagnostics(file);
    if (problem !== undefined) throw new Error(problem.text);
    return work(project, file);
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}
