import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceptedCoding, type Coding } from "../../src/assets/accepted-coding.ts";

const both: ReadonlySet<Coding> = new Set(["br", "gzip"]);

describe("the coding that a client likes best", () => {
  for (const [header, coding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["x-gzip", "gzip"],
    ["br;q=0.5, gzip;q=0.9", "gzip"],
    ["br; q=1.000 , gzip;q=1", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0, gzip;q=0.0", undefined],
    ["*", "br"],
    ["*;q=0", undefined],
    ["br;q=0, *", "gzip"],
    ["identity", undefined],
    ["identity;q=0.5, gzip;q=0.4", undefined],
    ["identity;q=0, gzip;q=0.001", "gzip"],
    ["br;q=2, gzip;q=0.2", "gzip"],
    ["br;q=abc", undefined],
    ["deflate, zstd", undefined],
    [" , ;q=1,,", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const) {
    it(`of ${JSON.stringify(header)} is ${coding ?? "none"}`, () => {
      assert.equal(acceptedCoding(header, both), coding);
    });
  }

  it("is one that is there", () => {
    assert.equal(acceptedCoding("br, gzip", new Set(["gzip"])), "gzip");
    assert.equal(acceptedCoding("br", new Set(["gzip"])), undefined);
  });
});
