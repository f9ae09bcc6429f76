import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linkParts } from "../src/components/call/link-parts.ts";

const links = (line: string) => linkParts(line).flatMap(({ href }) => href ?? []);
const shown = (line: string) =>
  linkParts(line)
    .map(({ text }) => text)
    .join("");

describe("an address in a line of chat", () => {
  it("leads to the web, and leaves the sentence around it as it is", () => {
    const line = "See https://example.org/a?b=c#d, or (http://example.org/e_(f)). Bye!";
    assert.deepEqual(links(line), ["https://example.org/a?b=c#d", "http://example.org/e_(f)"]);
    assert.equal(shown(line), line);
  });

  for (const line of [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "ftp://example.org/",
    "https://",
    "https://example.org:99999/",
    "https://bank.example@evil.example/",
    "https://user:secret@example.org/",
    "no address at all",
  ]) {
    it(`is none in ${line}`, () => {
      assert.deepEqual(links(line), []);
      assert.equal(shown(line), line);
    });
  }

  it("is read without characters that turn the order of letters around", () => {
    const line = "\u202Ehttps://example.org/\u202Dgpj.exe\u2066";
    assert.equal(shown(line), "https://example.org/gpj.exe");
    assert.deepEqual(links(line), ["https://example.org/gpj.exe"]);
  });

  it("ends at a character that cannot be seen", () => {
    for (const char of ["\u200B", "\u200E", "\u00AD", "\uFEFF", "\u00A0"]) {
      assert.deepEqual(links(`https://example.org${char}.evil.example/`), ["https://example.org/"]);
    }
  });

  it("names the host that it leads to, where letters of another script look like it", () => {
    const [part] = linkParts("https://ex\u0430mple.org/");
    assert.equal(part?.text, "https://xn--exmple-4nf.org/");
    assert.equal(part?.href, part?.text);
  });

  it("leaves emoji of several parts and Arabic marks alone", () => {
    for (const line of ["👨‍👩‍👧 is here", "می\u200Cخواهم", "\u200Fسلام"]) assert.equal(shown(line), line);
  });
});
