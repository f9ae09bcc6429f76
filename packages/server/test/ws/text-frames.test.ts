import assert from "node:assert/strict";
import { test } from "node:test";
import { textFrames } from "../../src/ws/text-frames.ts";
import { textsOf } from "./texts-of.ts";

/** Around each length at which a header, or the way of framing, becomes another. */
const lengths = [0, 1, 41, 42, 43, 62, 63, 124, 125, 126, 127, 252, 21_841, 21_843, 65_535, 65_536, 200_000];

for (const mayWait of [false, true]) {
  test(`texts of every length are read from their frames as they were, whether they may wait (${mayWait}) or not`, () => {
    const texts = lengths.flatMap((length) => [
      "x".repeat(length),
      "é".repeat(length / 2),
      "€".repeat(length / 3),
      "🙂".repeat(length / 4),
    ]);
    assert.deepEqual(textsOf(textFrames(texts, mayWait)), texts);
    for (const text of texts) assert.deepEqual(textsOf(textFrames([text], mayWait)), [text]);
  });
}

test("what was framed is not touched by what is framed next", () => {
  const first = textFrames(["a".repeat(300)], false);
  textFrames(["b".repeat(300)], false);
  assert.deepEqual(textsOf(first), ["a".repeat(300)]);
});

test("frames that may wait for their reader hold on to no more memory than they are", () => {
  const frames = textFrames(["a", "b"], true);
  assert.equal(frames.buffer.byteLength, frames.length);
});
