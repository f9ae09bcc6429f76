import assert from "node:assert/strict";
import { test } from "node:test";
import { clientSchemas, limits } from "@echoo/protocol";
import { schemaPool } from "@echoo/protocol/generate";
import fc from "fast-check";
import { readFrequent } from "../src/reading/frequent-messages.ts";
import { arbitraryOf } from "./arbitrary-of-schema.ts";

const read = (json: string) => readFrequent(JSON.parse(json) as object);
const byItsSchema = (type: string, json: string) => clientSchemas.get(type)?.safeParse(JSON.parse(json));

/** What stands at the edge of what a field may be, and beyond it. */
const edges = [
  null,
  true,
  "",
  "+1 (555) 123-4567",
  "٣٤٥٦",
  "a\n",
  "line\u2028end",
  "\ud800",
  "echo",
  0,
  -0,
  -1,
  0.5,
  255,
  256,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  [],
  ["5551234567"],
  [{ candidate: "c" }],
  {},
  { candidate: "c" },
  { candidate: null },
  { length: 3 },
  ...[limits.userIdChars, limits.callIdChars, limits.messageIdChars, limits.labelChars, limits.candidateChars].flatMap(
    (chars) => ["5".repeat(chars), "5".repeat(chars + 1), "😀".repeat(chars / 2), "é".repeat(chars)],
  ),
];
const foreignKey = fc.string({ minLength: 3 }).map((key) => `x-${key}`);
const hostile = fc.oneof(fc.constantFrom(...edges), fc.jsonValue({ maxDepth: 2 }));
/** Any of the fields gone wrong, and others beside them, those that objects inherit included. */
const faults = (keys: readonly string[]) =>
  fc.dictionary(
    fc.constantFrom(...keys, "__proto__", "constructor", "toString", "length", "other", "from", "seq"),
    hostile,
    { maxKeys: 3, noNullPrototype: false },
  );
const fieldsOf = {
  candidate: ["callId", "to", "candidate", "id", "n"],
  ping: ["seq", "id", "n"],
} as const;

for (const type of ["candidate", "ping"] as const) {
  const schema = clientSchemas.get(type);
  assert.ok(schema);
  const pool = schemaPool();
  const values = arbitraryOf(pool.of(schema, "input"), pool.schemas()) as fc.Arbitrary<Record<string, unknown>>;

  test(`every sound ${type} is read, and as its schema reads it`, () => {
    fc.assert(
      fc.property(values, fc.dictionary(foreignKey, fc.jsonValue(), { maxKeys: 2 }), (value, foreign) => {
        const json = JSON.stringify({ ...foreign, ...value });
        const expected = byItsSchema(type, json);
        assert.ok(expected?.success);
        assert.deepStrictEqual(read(json), expected.data);
      }),
      { numRuns: 300 },
    );
  });

  test(`a ${type} is read exactly where its schema takes it, whatever is wrong with it`, () => {
    const inner = faults(["candidate", "sdpMid", "sdpMLineIndex", "usernameFragment"]);
    fc.assert(
      fc.property(values, faults(fieldsOf[type]), inner, fc.boolean(), (value, wrong, wrongInside, isInside) => {
        const broken: Record<string, unknown> = { ...value, ...wrong, type };
        const { candidate } = broken;
        if (isInside && typeof candidate === "object" && !Array.isArray(candidate)) {
          broken.candidate = { ...candidate, ...wrongInside };
        }
        const json = JSON.stringify(broken);
        const expected = byItsSchema(type, json);
        assert.deepStrictEqual(read(json), expected?.success ? expected.data : undefined, json);
      }),
      { numRuns: 2_000 },
    );
  });
}

test("each field at each edge is taken and refused as its schema does", () => {
  const sound = { type: "candidate", callId: "c", to: "5551234567", candidate: { candidate: "c" }, id: "1", n: 1 };
  const frames = edges.flatMap((edge) => [
    ...fieldsOf.candidate.map((field) => ({ ...sound, [field]: edge })),
    ...["candidate", "sdpMid", "sdpMLineIndex", "usernameFragment"].map((field) => {
      return { ...sound, candidate: { candidate: "c", [field]: edge } };
    }),
    ...fieldsOf.ping.map((field) => ({ type: "ping", seq: 1, [field]: edge })),
  ]);
  for (const frame of frames) {
    // JSON.stringify writes no -0, as a client may.
    for (const json of [JSON.stringify(frame), JSON.stringify(frame).replace(/:0([,}])/, ":-0$1")]) {
      const expected = byItsSchema(frame.type, json);
      assert.deepStrictEqual(read(json), expected?.success ? expected.data : undefined, json);
    }
  }
});

test("of two fields of one name the last one counts, as everywhere in JSON", () => {
  const json =
    '{"type":"candidate","candidate":null,"candidate":{"candidate":"a","candidate":"b"},"to":"1234","to":"5678"}';
  assert.deepStrictEqual(read(json), { type: "candidate", candidate: { candidate: "b" }, to: "5678" });
});

test("every other message is left to its schema", () => {
  for (const type of clientSchemas.keys()) {
    if (type in fieldsOf) continue;
    assert.equal(
      read(JSON.stringify({ type, callId: "c", to: "5551234567", seq: 1, candidate: null })),
      undefined,
      type,
    );
  }
});
