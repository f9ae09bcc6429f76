import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "../../src/tables/canonical-text.ts";

test("the canonical text knows no order of names, no absent members, and no minus before 0", () => {
  assert.equal(canonicalText({ b: 1, a: [undefined, { d: -0, c: undefined }] }), '{"a":[null,{"d":0}],"b":1}');
  assert.equal(canonicalText(JSON.parse('{"z":1,"__proto__":{"x":2}}')), '{"__proto__":{"x":2},"z":1}');
  assert.notEqual(canonicalText({ a: "1" }), canonicalText({ a: 1 }));
  assert.notEqual(canonicalText({ a: null }), canonicalText({}));
});

test("what JSON holds is in its canonical text, and no two different values have the same", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const through = JSON.parse(JSON.stringify(value));
      assert.deepEqual(JSON.parse(canonicalText(through)), through);
    }),
  );
});
