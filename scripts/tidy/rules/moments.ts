import { type TSType, Visitor } from "oxc-parser";
import type { Finding } from "../finding.ts";
import type { SourceFile } from "../source-file.ts";
import type { Tree } from "../tree.ts";

/** Where time is read by two clocks. */
const clocked = /^(packages\/(core|server|client)|apps\/[^/]+)\/src\//;
const moment = /^(nowMs|\w*[aA]tMs)$/;

/** A moment says which clock it is of: as a plain number it would be taken for either, and one of them is wrong. */
export function checkMoments(tree: Tree): Finding[] {
  return tree.sources.filter(({ path }) => clocked.test(path)).flatMap(plainIn);
}

function plainIn(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const look = (name: string | undefined, type: TSType | undefined, start: number) => {
    if (name === undefined || !moment.test(name) || !isNumber(type)) return;
    findings.push({
      rule: "moments",
      file: file.path,
      line: file.lineOf(start),
      problem: `${name} is a moment of no clock.`,
      remedy: "Make it an Instant, if it is stored or told, or a Steady, if something is measured with it.",
    });
  };
  new Visitor({
    TSPropertySignature: ({ key, typeAnnotation, start }) => look(nameOf(key), typeAnnotation?.typeAnnotation, start),
    PropertyDefinition: ({ key, typeAnnotation, start }) => look(nameOf(key), typeAnnotation?.typeAnnotation, start),
    Identifier: (node) => {
      const { name, start } = node;
      if ("typeAnnotation" in node && node.typeAnnotation) look(name, node.typeAnnotation.typeAnnotation, start);
    },
  }).visit(file.program);
  return findings;
}

function nameOf(key: { readonly type: string; readonly name?: unknown }): string | undefined {
  return typeof key.name === "string" ? key.name : undefined;
}

function isNumber(type: TSType | undefined): boolean {
  if (type?.type === "TSUnionType") return type.types.some(isNumber);
  return type?.type === "TSNumberKeyword";
}
