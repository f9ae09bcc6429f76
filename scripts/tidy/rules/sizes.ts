import { Visitor } from "oxc-parser";
import type { Finding } from "../finding.ts";
import type { SourceFile } from "../source-file.ts";
import { isShipped, type Tree } from "../tree.ts";

export const limits = { fileLines: 400, functionLines: 60, usualFileLines: 120 } as const;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** No source file is longer than 400 lines, no function than 60. */
export function checkSizes(tree: Tree): Finding[] {
  const styles = [...tree.texts].filter(([path]) => /^apps\/[^/]+\/src\/.*\.css$/.test(path));
  const files = [...tree.sources, ...styles.map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))];
  const long = files
    .filter(({ lines }) => lines > limits.fileLines)
    .map(({ path, lines }) => ({
      rule: "file-size",
      file: path,
      problem: `The file has ${lines} lines; ${limits.fileLines} is the most, ${limits.usualFileLines} the usual.`,
      remedy: "Split it by what its parts are about.",
    }));
  return [...long, ...tree.sources.flatMap(longFunctions)];
}

function longFunctions(file: SourceFile): Finding[] {
  return functionsOf(file).flatMap(({ span, inner }) => {
    const lines = linesOf(file, span) - (isShipped(file.path) ? 0 : inner);
    if (lines <= limits.functionLines) return [];
    return {
      rule: "function-size",
      file: file.path,
      line: file.lineOf(span.start),
      problem: `The function has ${lines} lines; ${limits.functionLines} is the most.`,
      remedy: "Give its parts names and functions of their own.",
    };
  });
}

function linesOf(file: SourceFile, { start, end }: Span): number {
  return file.lineOf(end - 1) - file.lineOf(start) + 1;
}

/**
 * Every function with the lines inside it that belong to functions of their own. Tests are judged without those: a suite
 * is a function that holds a list of tests. Shipped code is judged with them: a closure is no way around the limit.
 */
function functionsOf(file: SourceFile): { span: Span; inner: number }[] {
  const found: { span: Span; inner: number }[] = [];
  const open: { span: Span; inner: number }[] = [];
  const enter = (span: Span) => {
    const entry = { span, inner: 0 };
    found.push(entry);
    open.push(entry);
  };
  const leave = (span: Span) => {
    open.pop();
    const outer = open.at(-1);
    // The first and the last line are shared with what is around the function.
    if (outer !== undefined) outer.inner += Math.max(0, linesOf(file, span) - 2);
  };
  new Visitor({
    FunctionDeclaration: enter,
    "FunctionDeclaration:exit": leave,
    FunctionExpression: enter,
    "FunctionExpression:exit": leave,
    ArrowFunctionExpression: enter,
    "ArrowFunctionExpression:exit": leave,
  }).visit(file.program);
  return found;
}
