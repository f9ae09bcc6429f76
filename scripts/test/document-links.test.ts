import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** All that people read: the documents at the root, and those of the folders beside the code. */
function documents(): string[] {
  const below = ["docs", "deploy", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  return [...readdirSync(root), ...below]
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
    .sort();
}

/** Blocks and spans of code link to nothing. */
function prose(text: string): string {
  return text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "");
}

function linksOf(text: string): string[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^(https?|mailto):/.test(target));
}

/** The anchors that GitHub gives to headings: the second of a name ends in -1. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  const body = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
  for (const [, heading = ""] of body.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** What is wrong with a document's links within the project. */
function faultsOf(document: string, text: string): string[] {
  return linksOf(text).flatMap((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? document : normalize(join(dirname(document), decodeURI(path)));
    if (path !== "" && (target.startsWith("..") || !existsSync(join(root, target))))
      return [`${document}: ${link} leads nowhere`];
    if (anchor === undefined || !target.endsWith(".md")) return [];
    const there = path === "" ? text : readFileSync(join(root, target), "utf8");
    return anchorsOf(there).has(anchor) ? [] : [`${document}: ${link} names no heading`];
  });
}

test("every link between the documents leads to a file that is there, and to a heading in it", () => {
  const all = documents();
  for (const known of ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "deploy/coturn/README.md"]) {
    assert.ok(all.includes(known), known);
  }
  const texts = all.map((document) => [document, readFileSync(join(root, document), "utf8")] as const);
  assert.ok(texts.flatMap(([, text]) => linksOf(text)).length > 50);
  assert.deepEqual(
    texts.flatMap(([document, text]) => faultsOf(document, text)),
    [],
  );
});

test("every guide is in the table of the README", () => {
  const readme = linksOf(readFileSync(join(root, "README.md"), "utf8"));
  const guides = documents().filter((document) => document.startsWith("docs/guide/"));
  assert.deepEqual(
    guides.filter((guide) => !readme.includes(guide)),
    [],
  );
});

test("a link to a file, a heading or an anchor that is not there is found out; code and the web are left alone", () => {
  const text = [
    "## Two `words`, and a [link](tls.md)",
    "## Twice",
    "## Twice",
    "[a](gone.md) [b](#two-words-and-a-link) [c](#twice-1) [d](#twice-2) [e](tls.md#https) [f](tls.md#nowhere)",
    "[g](https://a.example/x.md) `[h](gone.md)` [i](../../../outside.md)",
    "```md",
    "[j](gone.md)",
    "## Not a heading",
    "```",
    "[k](#not-a-heading)",
  ].join("\n");
  assert.deepEqual(faultsOf("docs/guide/here.md", text), [
    "docs/guide/here.md: gone.md leads nowhere",
    "docs/guide/here.md: #twice-2 names no heading",
    "docs/guide/here.md: tls.md#nowhere names no heading",
    "docs/guide/here.md: ../../../outside.md leads nowhere",
    "docs/guide/here.md: #not-a-heading names no heading",
  ]);
});
