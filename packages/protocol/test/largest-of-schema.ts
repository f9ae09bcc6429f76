import type { SchemaPool } from "@echoo/protocol/generate";

type JsonSchema = ReturnType<SchemaPool["of"]>;
type Shapes = Readonly<Record<string, JsonSchema>>;

/** A character that JSON may write in six, as the shipped app does with those of HTML, and some encoders with `+`. */
const escapedChar = "=";
const escapedLength = 6;
/** The longest that JSON writes a finite number that is not negative. */
const longestNumber = 1.797_693_134_862_315_7e308;

/**
 * The largest value that fits a JSON Schema: every field is there, every list and text is full. A list without a bound
 * of its own is as long as `listMax` says by the field's name.
 */
export function largestOf(schema: JsonSchema, shapes: Shapes, listMax: (field: string) => number, field = ""): unknown {
  const largest = (inner: JsonSchema, name = field) => largestOf(inner, shapes, listMax, name);
  if (schema.$ref !== undefined) return largest(shapeOf(schema.$ref, shapes));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return longestOf(schema.enum);
  if (schema.anyOf !== undefined) return longestOf(schema.anyOf.map((option) => largest(option as JsonSchema)));
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, value]) => [name, largest(value as JsonSchema, name)]),
      );
    case "array":
      return Array.from({ length: schema.maxItems ?? listMax(field) }, () => largest(schema.items as JsonSchema));
    case "string":
      return (schema.pattern === undefined ? escapedChar : "+").repeat(schema.maxLength ?? listMax(field));
    case "integer":
      return schema.maximum ?? Number.MAX_SAFE_INTEGER;
    case "number":
      return longestOf([schema.maximum ?? longestNumber, (schema.maximum ?? 1) / 3]);
    case "boolean":
      return false;
    default:
      return null;
  }
}

/** How many bytes the value takes as JSON where its texts are escaped as much as they can be. */
export function escapedBytes(value: unknown): number {
  return JSON.stringify(value).replaceAll(/[=+]/g, "x".repeat(escapedLength)).length;
}

function longestOf(values: readonly unknown[]): unknown {
  return values.toSorted((a, b) => escapedBytes(b) - escapedBytes(a))[0];
}

function shapeOf(ref: string, shapes: Shapes): JsonSchema {
  const shape = shapes[ref.split("/").at(-1) ?? ""];
  if (shape === undefined) throw new Error(`${ref} points nowhere`);
  return shape;
}
