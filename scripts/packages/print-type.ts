import { type Checker, SymbolFlags, type Type, TypeFlags } from "typescript/unstable/sync";

/** Contract types are a few levels deep; one that is deeper refers to itself and could not be written out. */
const maxDepth = 16;

/**
 * A type written out whole, without a name that would have to be imported: what zod infers from the protocol's tables, for
 * people who do not have zod.
 */
export function printType(checker: Checker, type: Type, depth = 0): string {
  if (depth > maxDepth) throw new Error(`A type of the protocol is over ${maxDepth} levels deep.`);
  const print = (part: Type) => printType(checker, part, depth + 1);
  if (type.isUnionType()) return printUnion(type.getTypes().map(print));
  if (type.isIntersectionType() && type.getTypes().some(isPlain)) {
    return type
      .getTypes()
      .map((part) => `(${print(part)})`)
      .join(" & ");
  }
  if (isPlain(type) || !(type.isObjectType() || type.isIntersectionType())) return checker.typeToString(type);
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as Parameters<Checker["getTypeArguments"]>[0]);
    const kind = type.getSymbol()?.name === "ReadonlyArray" ? "readonly " : "";
    return `${kind}(${element === undefined ? "unknown" : print(element)})[]`;
  }
  if (checker.isTupleType(type)) return checker.typeToString(type);
  return printObject(checker, type, print);
}

function isPlain(type: Type): boolean {
  return !(type.flags & (TypeFlags.Object | TypeFlags.Union | TypeFlags.Intersection));
}

function printUnion(parts: readonly string[]): string {
  const isBoolean = parts.includes("true") && parts.includes("false");
  const rest = isBoolean ? [...parts.filter((part) => part !== "true" && part !== "false"), "boolean"] : parts;
  return rest.join(" | ");
}

function printObject(checker: Checker, type: Type, print: (type: Type) => string): string {
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const value = checker.getTypeOfSymbol(property);
    if (value === undefined) throw new Error(`${property.name} has no type.`);
    const name = /^\w+$/.test(property.name) ? property.name : JSON.stringify(property.name);
    return `${name}${property.flags & SymbolFlags.Optional ? "?" : ""}: ${print(value)};`;
  });
  const indexes = checker
    .getIndexInfosOfType(type)
    .map(({ keyType, valueType }) => `[key: ${checker.typeToString(keyType)}]: ${print(valueType)};`);
  return `{ ${[...properties, ...indexes].join(" ")} }`;
}
