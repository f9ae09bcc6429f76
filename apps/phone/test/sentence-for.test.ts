import assert from "node:assert/strict";
import { it } from "node:test";
import { EchooError } from "@echoo/client";

// The page chooses its sentences by the languages of the browser, of which there is none here.
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
const { sentenceFor } = await import("../src/i18n/sentence-for.ts");

it("tells whoever called too often without an answer when they may try again", () => {
  const refused = (retryInMs?: number) => sentenceFor(new EchooError("rate_limited", { retryInMs }));
  assert.equal(refused(29_001), "Too many tries. Try again in 30s.");
  assert.equal(refused(30 * 60_000), "Too many tries. Try again in 30m 0s.");
  assert.equal(refused(), "Too many tries. Wait a moment, then try again.");
});
