import { type Program, parseSync, Visitor } from "oxc-parser";

/** One import or re-export of a module, whatever its form. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Erased by the compiler: it needs the types alone. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

export interface SourceFile {
  /** Below the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly program: Program;
  readonly imports: readonly Import[];
  lineOf(offset: number): number;
}

/** Parses a file. One with a syntax error still gives what could be read; the compiler reports the error itself. */
export function sourceFile(path: string, text: string): SourceFile {
  const starts = lineStarts(text);
  const lineOf = (offset: number) => lineAt(starts, offset);
  const { program, module } = parseSync(path, text);
  const imports: Import[] = [];
  for (const { moduleRequest, start, entries } of module.staticImports) {
    const names = entries.flatMap(({ importName }) => importName.name ?? []);
    const typeOnly =
      /^import\s+type\b/.test(text.slice(start)) || (entries.length > 0 && entries.every((entry) => entry.isType));
    imports.push({ specifier: moduleRequest.value, line: lineOf(start), typeOnly, names });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, start, isType } of entries) {
      if (moduleRequest)
        imports.push({ specifier: moduleRequest.value, line: lineOf(start), typeOnly: isType, names: [] });
    }
  }
  const add = (source: { type: string; value?: unknown; start: number }, typeOnly: boolean) => {
    if (typeof source.value === "string")
      imports.push({ specifier: source.value, line: lineOf(source.start), typeOnly, names: [] });
  };
  new Visitor({
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
  }).visit(program);
  return { path, text, lines: text.endsWith("\n") ? starts.length - 1 : starts.length, program, imports, lineOf };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
