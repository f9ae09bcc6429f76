import { type Argument, Visitor } from "oxc-parser";
import type { Finding } from "../finding.ts";
import type { SourceFile } from "../source-file.ts";
import { isShipped, type Tree } from "../tree.ts";

/** What holds all that a part of the system has to work with. */
const wholes = new Set(["EngineState", "HttpDeps", "Config"]);

/** A class names what it needs: it takes no whole of an engine, of HTTP or of the settings, and no parts poured into others. */
export function checkConstructors(tree: Tree): Finding[] {
  return tree.sources
    .filter(({ path }) => isShipped(path))
    .flatMap((file) => [...pouredIn(file), ...wholesTaken(file)]);
}

function pouredIn(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  new Visitor({
    NewExpression: ({ arguments: given }) => {
      for (const part of given.flatMap(spreads)) {
        findings.push({
          rule: "constructors",
          file: file.path,
          line: file.lineOf(part.start),
          problem: "A constructor is given all of another object's parts.",
          remedy: "Name the parts that it needs, or give it the object itself as a small interface.",
        });
      }
    },
  }).visit(file.program);
  return findings;
}

/** Of an object by its name. What is spread for a property that may be absent is named where it stands. */
function spreads(given: Argument) {
  if (given.type !== "ObjectExpression") return [];
  return given.properties.filter(
    (property) =>
      property.type === "SpreadElement" &&
      (property.argument.type === "Identifier" || property.argument.type === "MemberExpression"),
  );
}

function wholesTaken(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  new Visitor({
    MethodDefinition: ({ kind, value }) => {
      if (kind !== "constructor") return;
      for (const parameter of value.params) {
        const whole = wholeOf(file.text.slice(parameter.start, parameter.end));
        if (whole === undefined) continue;
        findings.push({
          rule: "constructors",
          file: file.path,
          line: file.lineOf(parameter.start),
          problem: `A class takes the whole ${whole}.`,
          remedy: "Take a named part of it, as an interface or by Pick.",
        });
      }
    },
  }).visit(file.program);
  return findings;
}

/** The type that a parameter has as it is, and not as a part of another. */
function wholeOf(parameter: string): string | undefined {
  const [, type = ""] = /^[^=]*?:\s*(\w+)\s*(?:=|$)/.exec(parameter) ?? [];
  return wholes.has(type) ? type : undefined;
}
