import { z } from "zod";
import { phonePattern, userIdPattern } from "../fields.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Turns zod schemas into JSON Schema and gathers those with an id under `components.schemas`. */
export interface SchemaPool {
  /** `input` is what may be sent, `output` what comes out. Both allow fields that they do not name. */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema;
  /** Sorted by name. */
  schemas(): Record<string, JsonSchema>;
}

/** `users`: who may be named in what is sent. What comes out may also name users that are erased, or the loopback. */
export function schemaPool(users: "phone" | "host" = "host"): SchemaPool {
  const pool = new Map<string, JsonSchema>();
  return {
    of: (schema, io) => convert(schema, io, pool, io === "input" && users === "phone"),
    schemas: () => Object.fromEntries([...pool].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function convert(
  schema: z.ZodType,
  io: "input" | "output",
  pool: Map<string, JsonSchema>,
  onlyNumbers: boolean,
): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // Unknown fields are dropped by the server and to be ignored by clients, never refused.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (onlyNumbers && jsonSchema.pattern === userIdPattern.source) jsonSchema.pattern = phonePattern.source;
    },
  });
  const { $schema: _, $defs, ...rest } = JSON.parse(JSON.stringify(json), pointToComponents) as JsonSchema;
  for (const [name, found] of Object.entries($defs ?? {})) keep(pool, name, found as JsonSchema);
  return rest;
}

function keep(pool: Map<string, JsonSchema>, name: string, found: JsonSchema): void {
  const { id: _, ...schema } = found;
  const known = pool.get(name);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`two different schemas are called ${name}`);
  }
  pool.set(name, schema);
}

function pointToComponents(key: string, value: unknown): unknown {
  return key === "$ref" && typeof value === "string" ? value.replace("#/$defs/", "#/components/schemas/") : value;
}
