import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { usualFitting } from "../src/components/media/use-picture.ts";

describe("the other side's picture", () => {
  const rows = [
    ["a wide one fills a wide screen", [1280, 720], [1440, 900], "cover"],
    ["a wide one is whole on a phone held upright", [1280, 720], [360, 740], "contain"],
    ["an upright one is whole on a wide screen", [720, 1280], [1440, 900], "contain"],
    ["an upright one fills a phone held upright", [720, 1280], [360, 740], "cover"],
    ["one of no size yet shows nothing to be whole", [0, 0], [360, 740], "cover"],
  ] as const;
  for (const [name, [width, height], [stageWidth, stageHeight], fitting] of rows) {
    it(`${name}`, () => {
      assert.equal(usualFitting({ width, height }, { width: stageWidth, height: stageHeight }), fitting);
    });
  }
});
