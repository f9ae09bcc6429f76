import assert from "node:assert/strict";
import { it } from "node:test";
import { EchooError } from "@echoo/client";
import { errorCodes, errorTable } from "@echoo/protocol";

// The page chooses its sentences by the languages of the browser, of which there is none here.
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
const { sentenceFor } = await import("../src/i18n/sentence-for.ts");

it("tells whoever called too often without an answer when they may try again", () => {
  const refused = (retryInMs?: number) => sentenceFor(new EchooError("rate_limited", { retryInMs }));
  assert.equal(refused(29_001), "Too many tries. Try again in 30s.");
  assert.equal(refused(30 * 60_000), "Too many tries. Try again in 30m 0s.");
  assert.equal(refused(), "Too many tries. Wait a moment, then try again.");
});

it("names to nobody what only who runs the server, or who writes a client, can do something about", () => {
  const codes = [...errorCodes, "media_denied", "http", "offline"];
  for (const code of codes) {
    const sentence = sentenceFor({ code });
    assert.doesNotMatch(
      sentence,
      /ECHOO_|[A-Z]+_[A-Z]+|Content-Type|supersede|iceTransport|token|message of|Join before/,
      code,
    );
    assert.match(sentence, /^[A-Z].*\.$/, code);
  }
});

it("answers no client with the name of a setting either", () => {
  for (const { sentence } of Object.values(errorTable)) assert.doesNotMatch(sentence, /[A-Z]+_[A-Z]+/);
});
