import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { standardHeaders } from "../../src/outbound/standard-webhook.ts";

const guide = readFileSync(new URL("../../../../docs/guide/webhooks.md", import.meta.url), "utf8");
const secret = "whsec_c2lnbmVkIGZvciB0ZXN0cyBhbG9uZQ==";
const other = "whsec_dGhlIHNlY3JldCBvZiBiZWZvcmUgdGhpcw==";

function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(guide)?.[1] ?? "";
}

/** How the guide's lines of each language are run: with a program behind them that reads a post and says whether. */
const languages = [
  {
    language: "js",
    command: "node",
    args: ["verify.mjs"],
    files: {
      "verify.mjs": `${block("js")}
import { readFileSync } from "node:fs";
const { headers, body, secret } = JSON.parse(readFileSync(0, "utf8"));
console.log(isFromEchoo(headers, Buffer.from(body), secret));`,
    },
  },
  {
    language: "python",
    command: "python3",
    args: ["verify.py"],
    files: {
      "verify.py": `${block("python")}
import json, sys
post = json.load(sys.stdin)
print(str(is_from_echoo(post["headers"], post["body"].encode(), post["secret"])).lower())`,
    },
  },
  {
    language: "php",
    command: "php",
    args: ["verify.php"],
    files: {
      "verify.php": `<?php
${block("php")}
$post = json_decode(stream_get_contents(STDIN), true);
echo is_from_echoo($post["headers"], $post["body"], $post["secret"]) ? "true" : "false";`,
    },
  },
  {
    language: "go",
    command: "go",
    args: ["run", "."],
    files: {
      "go.mod": "module verify\n\ngo 1.20\n",
      "verify.go": block("go"),
      "main.go": `package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	var post struct {
		Headers map[string]string
		Body    string
		Secret  string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&post); err != nil {
		panic(err)
	}
	headers := http.Header{}
	for name, value := range post.Headers {
		headers.Set(name, value)
	}
	fmt.Println(isFromEchoo(headers, []byte(post.Body), post.Secret))
}
`,
    },
  },
] as const;

type Language = (typeof languages)[number];

function verifier(t: TestContext, { command, args, files }: Language): (post: object) => string {
  const dir = mkdtempSync(join(tmpdir(), "echoo-verifier-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return (post) => {
    const done = spawnSync(command, args, { cwd: dir, input: JSON.stringify(post), encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.trim();
  };
}

function isThere(command: string): boolean {
  return spawnSync(command, [command === "go" ? "version" : "--version"]).status === 0;
}

for (const language of languages) {
  // Each runs where its language is there; that the guide has all four is held below.
  const skip = isThere(language.command) ? false : `${language.command} is not on this machine`;
  test(`the guide's lines in ${language.language} know what is from here, and what is not`, { skip }, (t) => {
    const verify = verifier(t, language);
    const body = JSON.stringify({ type: "call.ended", data: { name: "Grüße, 你好" } });
    const headersAt = (nowMs: number, secrets: readonly string[]) =>
      standardHeaders(secrets, { id: "evt_1", body, nowMs });
    const nowMs = Date.now();
    const good = headersAt(nowMs, [secret]);
    assert.equal(verify({ headers: good, body, secret }), "true");
    assert.equal(verify({ headers: headersAt(nowMs, [other, secret]), body, secret }), "true", "in a rotation");
    assert.equal(verify({ headers: good, body: `${body} `, secret }), "false", "another body");
    assert.equal(verify({ headers: headersAt(nowMs, [other]), body, secret }), "false", "another secret");
    assert.equal(verify({ headers: headersAt(nowMs - 301_000, [secret]), body, secret }), "false", "an old one");
  });
}

test("the guide has lines for Node, Python, PHP and Go", () => {
  for (const { language } of languages) assert.match(block(language), /whsec_/, language);
});
