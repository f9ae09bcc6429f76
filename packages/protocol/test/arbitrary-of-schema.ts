import type { SchemaPool } from "@echoo/protocol/generate";
import fc from "fast-check";

type JsonSchema = ReturnType<SchemaPool["of"]>;
type Shapes = Readonly<Record<string, JsonSchema>>;
const manyChars = 300;

/** Values that fit a JSON Schema: of the bounds, the small ones and those near the limit. */
export function arbitraryOf(schema: JsonSchema, shapes: Shapes): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryOf(shapeOf(schema.$ref, shapes), shapes);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((option) => arbitraryOf(option as JsonSchema, shapes)));
  }
  switch (schema.type) {
    case "object":
      return objects(schema, shapes);
    case "array":
      return fc.array(arbitraryOf(schema.items as JsonSchema, shapes), {
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "string":
      return strings(schema);
    case "integer":
      return fc.integer({
        min: schema.minimum ?? Number.MIN_SAFE_INTEGER,
        max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      });
    case "number":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`);
  }
}

function shapeOf(ref: string, shapes: Shapes): JsonSchema {
  const shape = shapes[ref.split("/").at(-1) ?? ""];
  if (shape === undefined) throw new Error(`${ref} points nowhere`);
  return shape;
}

function objects(schema: JsonSchema, shapes: Shapes): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    return [name, arbitraryOf(value as JsonSchema, shapes)] as const;
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
}

function strings(schema: JsonSchema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = manyChars } = schema;
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  if (schema.pattern !== undefined) {
    return fc.stringMatching(new RegExp(schema.pattern), { maxLength: Math.min(maxLength, manyChars) }).filter(fits);
  }
  const short = fc.string({ minLength, maxLength: Math.min(maxLength, manyChars), unit: "binary" }).filter(fits);
  return fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: fc.constant("x".repeat(maxLength)) });
}

function numbers(schema: JsonSchema): fc.Arbitrary<number> {
  const double = fc.double({ min: schema.minimum ?? -1e300, max: schema.maximum ?? 1e300, noNaN: true });
  // JSON knows no negative zero.
  return double.map((value) => (Object.is(value, -0) ? 0 : value));
}
