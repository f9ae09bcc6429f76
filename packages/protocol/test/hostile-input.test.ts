import assert from "node:assert/strict";
import { test } from "node:test";
import { isTooDeep, limits, parseClientMessage } from "@echoo/protocol";
import fc from "fast-check";

const refused = (frame: string, code: "invalid" | "unknown_type") => {
  const parsed = parseClientMessage(frame);
  assert.ok(!parsed.ok, frame.slice(0, 80));
  assert.equal(parsed.code, code);
};

test("what is no JSON object is refused", () => {
  const frames = [
    "",
    " ",
    "null",
    "[]",
    '[{"type":"leave"}]',
    "1e999",
    '"leave"',
    "true",
    "{",
    "\u0000",
    "NaN",
    "\ufeff{}",
  ];
  for (const frame of frames) refused(frame, "invalid");
});

test("a type that is no string, or that objects merely inherit, is no type", () => {
  for (const type of ["null", "1", '{"$ne":null}', '["leave"]']) refused(`{"type":${type}}`, "invalid");
  for (const type of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
    refused(JSON.stringify({ type }), "unknown_type");
  }
});

test("operators, arrays and nulls in place of values are refused", () => {
  for (const value of ['{"$ne":null}', '{"$gt":""}', "null", '["1111"]', "17", "true"]) {
    refused(`{"type":"checkUser","userId":${value}}`, "invalid");
  }
});

test("a __proto__ in a message changes no prototype and is dropped", () => {
  const parsed = parseClientMessage('{"type":"ping","__proto__":{"polluted":true},"seq":3}');
  assert.deepEqual(parsed, { ok: true, message: { type: "ping", seq: 3 } });
  const nested = parseClientMessage('{"type":"join","client":{"__proto__":{"polluted":true},"name":"app"}}');
  assert.deepEqual(nested, { ok: true, message: { type: "join", client: { name: "app" } } });
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("a number that only a reader of typed numbers can read is no user id on the wire", () => {
  for (const userId of ["٣٤٥٦", "\u202a5550001\u202c", "555\u00a00001", "５５５０００１"]) {
    refused(JSON.stringify({ type: "join", userId }), "invalid");
  }
  assert.ok(parseClientMessage('{"type":"join","userId":"5550001"}').ok);
});

test("what is in an unknown field is dropped, unless it has more levels than any known message", () => {
  const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  for (const nested of [lists, objects]) {
    const most = nested(limits.jsonLevels - 1);
    assert.deepEqual(parseClientMessage(`{"type":"leave","x":${most}}`), { ok: true, message: { type: "leave" } });
    refused(`{"type":"checkUser","userId":${most}}`, "invalid");
    for (const levels of [limits.jsonLevels, 10_000]) {
      refused(`{"type":"leave","x":${nested(levels)}}`, "invalid");
      refused(nested(levels + 1), "invalid");
    }
  }
});

test("levels are those of lists and objects alone, whatever signs a text has", () => {
  const signs = String.raw`"[[[{{{\"[[[\\"`;
  for (const text of [`{"a":${signs.repeat(1)}}`, JSON.stringify({ a: "[".repeat(1_000), b: '"{'.repeat(1_000) })]) {
    assert.equal(isTooDeep(text, 2), false, text.slice(0, 50));
    JSON.parse(text);
  }
  const beside = `[${Array.from({ length: 1_000 }, () => "[{}]").join(",")}]`;
  assert.equal(isTooDeep(beside, 3), false);
  assert.equal(isTooDeep(beside, 2), true);
});

test("what is no JSON is said to be too deep or not, and nothing is thrown", () => {
  for (const text of ["]".repeat(100), '"'.repeat(101), "\\".repeat(101), `${"[".repeat(40)}`, '"\\']) isTooDeep(text);
  refused("[".repeat(100_000), "invalid");
});

test("JSON has as many levels as a count by hand finds", () => {
  const levelsOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levelsOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const [text, levels] = [JSON.stringify(value), levelsOf(value)];
      assert.equal(isTooDeep(text, levels), false);
      if (levels > 0) assert.equal(isTooDeep(text, levels - 1), true);
    }),
  );
});

test("a number too large for a double is no number", () => {
  refused('{"type":"ping","seq":1e999}', "invalid");
  refused('{"type":"stats","callId":"c","samples":[{"t":1e999}]}', "invalid");
  refused('{"type":"stats","callId":"c","samples":[{"t":1,"rttMs":-1e999}]}', "invalid");
});

test("a time that no date can hold is refused", () => {
  refused('{"type":"stats","callId":"c","samples":[{"t":1e300}]}', "invalid");
});

test("of duplicate keys the last one counts, as JSON.parse has it (RFC 8259, 4: unpredictable otherwise)", () => {
  const parsed = parseClientMessage('{"type":"leave","type":"ping","seq":1,"seq":2}');
  assert.deepEqual(parsed, { ok: true, message: { type: "ping", seq: 2 } });
});

test("lone surrogates pass through text unharmed and are no phone number", () => {
  const parsed = parseClientMessage('{"type":"chat","to":"1111","message":"a\\ud800b"}');
  assert.deepEqual(parsed, { ok: true, message: { type: "chat", to: "1111", message: "a\ud800b" } });
  refused('{"type":"chat","to":"\\udfff","message":"x"}', "invalid");
});

test("no text makes the parser throw, and what it refuses it explains in at most ten lines", () => {
  const nearly = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .record({ type: fc.constantFrom("join", "offer", "stats", "callStats", "candidate"), x: fc.jsonValue() })
      .map((value) => JSON.stringify({ ...(value.x as object), type: value.type })),
    fc
      .array(fc.jsonValue(), { maxLength: 30 })
      .map((samples) => JSON.stringify({ type: "stats", callId: "c", samples })),
  );
  fc.assert(
    fc.property(nearly, (frame) => {
      const parsed = parseClientMessage(frame);
      if (!parsed.ok) assert.ok(parsed.details.length >= 1 && parsed.details.length <= 10);
    }),
    { numRuns: 2000 },
  );
});
