import assert from "node:assert/strict";
import { test } from "node:test";
import { clientSchemas, type Parsed, parseClientMessage, parseServerMessage, serverSchemas } from "@echoo/protocol";
import { schemaPool } from "@echoo/protocol/generate";
import fc from "fast-check";
import { arbitraryOf } from "./arbitrary-of-schema.ts";

type Parse = (frame: string) => Parsed<object>;
const directions = [
  { name: "a client's", schemas: clientSchemas, parse: parseClientMessage as Parse },
  { name: "the server's", schemas: serverSchemas, parse: parseServerMessage as Parse },
] as const;
const foreignKey = fc.string({ minLength: 3 }).map((key) => `x-${key}`);

for (const { name, schemas, parse } of directions) {
  for (const [type, schema] of schemas) {
    const pool = schemaPool();
    const described = pool.of(schema, "input");
    const values = arbitraryOf(described, pool.schemas()) as fc.Arbitrary<object>;

    test(`${name} ${type} comes out as it went in, without undeclared fields`, () => {
      fc.assert(
        fc.property(values, fc.dictionary(foreignKey, fc.jsonValue(), { maxKeys: 3 }), (value, foreign) => {
          const parsed = parse(JSON.stringify({ ...foreign, ...value }));
          assert.deepEqual(parsed, { ok: true, message: JSON.parse(JSON.stringify(value)) });
        }),
        { numRuns: 60 },
      );
    });

    const needed = (described.required ?? []).filter((field) => field !== "type");
    if (needed.length === 0) continue;
    test(`${name} ${type} without a field that it needs is refused`, () => {
      const [whole] = fc.sample(values, { numRuns: 1, seed: 1 });
      for (const field of needed) {
        const { [field]: _, ...rest } = whole as Record<string, unknown>;
        const parsed = parse(JSON.stringify(rest));
        assert.ok(!parsed.ok && parsed.code === "invalid", field);
        assert.ok(
          parsed.details.some((detail) => detail.path.split(".")[0] === field),
          field,
        );
      }
    });
  }
}

test("a refused message is named by its id and type where it had usable ones", () => {
  assert.deepEqual(parseClientMessage('{"type":"dance","id":"7"}'), {
    ok: false,
    code: "unknown_type",
    details: [{ path: "type", message: "no such message type" }],
    id: "7",
    type: "dance",
  });
  const parsed = parseClientMessage(JSON.stringify({ type: "ringing", id: "x".repeat(65) }));
  assert.ok(!parsed.ok && parsed.id === undefined && parsed.type === "ringing");
});
