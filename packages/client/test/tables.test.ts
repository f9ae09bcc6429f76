import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooError } from "@echoo/client";
import { errorTable, serverMessages } from "@echoo/protocol";
import { readServerFrame } from "../src/connection/server-frame.ts";
import { systemEntropy } from "../src/platform.ts";

describe("the SDK's own look at server messages", () => {
  for (const [type, row] of Object.entries(serverMessages)) {
    it(`lets every valid ${type} through, and none without a text or list that it needs`, () => {
      const schema = row.schema.toJSONSchema({ reused: "inline" }) as JsonSchema;
      const example = exampleOf(schema, schema.$defs ?? {});
      const frame = { type, ...example };
      assert.deepEqual(readServerFrame(JSON.stringify(frame)), { kind: "message", message: frame });
      for (const [field, value] of Object.entries(example)) {
        if (typeof value !== "string" && !Array.isArray(value)) continue;
        const { [field]: _, ...rest } = frame as Record<string, unknown>;
        const kind = readServerFrame(JSON.stringify(rest)).kind;
        // Parties and enumerations that nothing here depends on are not looked for.
        if (["from", "to", "reason"].includes(field)) continue;
        assert.equal(kind, "broken", `${type} without ${field}`);
      }
    });
  }
});

describe("errors of the SDK", () => {
  it("carry the sentence of the server's table, or what the server said", () => {
    assert.equal(new EchooError("self_call").message, errorTable.self_call.sentence);
    assert.equal(new EchooError("self_call", { message: "Other words." }).message, "Other words.");
    assert.match(new EchooError("media_denied").message, /microphone/);
  });
});

describe("an id of the SDK", () => {
  it("is a random UUID also where the page has no crypto.randomUUID", () => {
    const ids = Array.from({ length: 100 }, () => systemEntropy.uuid());
    for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.equal(new Set(ids).size, 100);
  });
});

interface JsonSchema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Definitions;
}
type Definitions = Readonly<Record<string, JsonSchema>>;

/** The smallest value of a schema. */
function exampleOf(schema: JsonSchema, defs: Definitions): Record<string, unknown> {
  const required = schema.required ?? [];
  return Object.fromEntries(required.map((name) => [name, smallest(schema.properties?.[name] ?? {}, defs)]));
}

function smallest(schema: JsonSchema, defs: Definitions): unknown {
  if (schema.$ref !== undefined) return smallest(defs[schema.$ref.replace("#/$defs/", "")] ?? {}, defs);
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return smallest(schema.anyOf[0] ?? {}, defs);
  if (schema.type === "object") return exampleOf(schema, defs);
  if (schema.type === "array") return [];
  if (schema.type === "string") return "text";
  return schema.type === "boolean" ? true : 1;
}
