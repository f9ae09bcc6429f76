import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verdictSentences } from "@echoo/protocol";
import { verdictOf } from "../../src/verdict/verdict-of.ts";
import { verdictRows } from "../../src/verdict/verdict-rules.ts";
import { recordedVerdicts } from "./recorded-verdicts.ts";

describe("each row of the table, by what was told and measured of a call", () => {
  for (const { phase, code, side, input } of recordedVerdicts) {
    it(`${phase}: ${code}`, () => {
      const verdict = verdictOf(input);
      assert.deepEqual([verdict.code, verdict.side], [code, side]);
      assert.ok(verdict.evidence.length > 0, "a verdict without evidence");
    });
  }

  it("every row has such a call, and every code a sentence", () => {
    const shown = new Set(recordedVerdicts.map(({ phase, code }) => `${phase}: ${code}`));
    assert.deepEqual(
      verdictRows.map(({ phase, code }) => `${phase}: ${code}`).filter((row) => !shown.has(row)),
      [],
    );
    const codes = new Set([...verdictRows.map(({ code }) => code), "unknown"]);
    assert.deepEqual([...codes].sort(), Object.keys(verdictSentences).sort());
  });
});
