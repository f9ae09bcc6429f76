import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClientMessage } from "@echoo/protocol";
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

test("nesting 10,000 deep is refused where a value belongs and dropped elsewhere", () => {
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  const deepObject = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
  for (const value of [deep, deepObject]) {
    refused(`{"type":"checkUser","userId":${value}}`, "invalid");
    assert.deepEqual(parseClientMessage(`{"type":"leave","x":${value}}`), { ok: true, message: { type: "leave" } });
  }
  refused(deep, "invalid");
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
