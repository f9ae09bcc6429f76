import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readUserId } from "@echoo/protocol";

describe("a user id", () => {
  const longest = "x".repeat(64);
  for (const [text, asPhone, asHost] of [
    ["5550001", "5550001", "5550001"],
    ["+49 (151) 123-45.67", "+491511234567", "+491511234567"],
    ["555-0001", "5550001", "555-0001"],
    ["12", undefined, "12"],
    ["ann@example.com", undefined, "ann@example.com"],
    ["auth0|42:a+b", undefined, "auth0|42:a+b"],
    ["__proto__", undefined, "__proto__"],
    [longest, undefined, longest],
    [`${longest}x`, undefined, undefined],
    ["ann smith", undefined, undefined],
    ["a/b", undefined, undefined],
    ["ann\n", undefined, undefined],
    ["änn", undefined, undefined],
    ["", undefined, undefined],
    [".", undefined, undefined],
    ["..", undefined, undefined],
    ["...", undefined, "..."],
    ["echo", undefined, undefined],
    ["Echo", undefined, "Echo"],
    ["deleted:abc", undefined, undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${asPhone ?? "nobody's"} among phone numbers, ${asHost ?? "nobody's"} besides a host product's`, () => {
      assert.deepEqual([readUserId(text, "phone"), readUserId(text, "host")], [asPhone, asHost]);
    });
  }
});
