import type { JsonSchema } from "./schema-pool.ts";
import type { Table } from "./section.ts";

/** The fields of an object as rows for people. */
export function fieldTable(schema: JsonSchema): Table | undefined {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "type")
    .map(([name, value]) => {
      const field = value as JsonSchema;
      const shown = required.has(name) ? `\`${name}\`` : `\`${name}\`?`;
      return [shown, typeText(field), field.description ?? ""];
    });
  return rows.length === 0 ? undefined : { head: ["field", "what", ""], rows };
}

/** A schema in a few words: `string ≤ 64 characters`, `list of Sample ≤ 60`. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "";
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(" ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined && schema.type === undefined) {
    return options.map((option) => typeText(option as JsonSchema)).join(" or ");
  }
  if (schema.type === "array") return listText(schema);
  if (schema.type === "object") return objectText(schema);
  if (schema.type === "string") return stringText(schema);
  if (schema.type === "integer" || schema.type === "number") return numberText(schema);
  return String(schema.type ?? "anything");
}

function listText(schema: JsonSchema): string {
  const bound = schema.maxItems === undefined ? "" : `, ≤ ${schema.maxItems}`;
  return `list of ${typeText((schema.items ?? {}) as JsonSchema)}${bound}`;
}

function objectText(schema: JsonSchema): string {
  const required = new Set(schema.required ?? []);
  const names = Object.keys(schema.properties ?? {}).map((name) => (required.has(name) ? name : `${name}?`));
  return names.length === 0 ? "object" : `{${names.join(", ")}}`;
}

function stringText(schema: JsonSchema): string {
  const kind = schema.format === "date-time" ? "time" : "string";
  return schema.maxLength === undefined ? kind : `${kind} ≤ ${group(schema.maxLength)}`;
}

function numberText(schema: JsonSchema): string {
  const low = schema.minimum;
  // zod writes the safe range of integers as bounds; to a reader they are none.
  const high = schema.maximum === undefined || schema.maximum > 1e12 ? undefined : schema.maximum;
  const kind = schema.type === "integer" ? "whole number" : "number";
  if (low !== undefined && low > -1e12 && high !== undefined) return `${kind} ${low}…${group(high)}`;
  if (high !== undefined) return `${kind} ≤ ${group(high)}`;
  return low === undefined || low < -1e12 ? kind : `${kind} ≥ ${low}`;
}

/** 65536 → 65,536. */
export function group(value: number): string {
  return value.toLocaleString("en-US");
}
