import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const flags = (command: string) => command.split(/\s+/).filter((word) => word.startsWith("--"));

test("the server gets the same flags of Node by npm start, by its own command and in the guide", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const started = flags(scripts.start ?? "");
  assert.ok(started.length > 0);
  const [first = ""] = read("packages/server/bin/echoo.mjs").split("\n");
  assert.deepEqual(flags(first), started);
  for (const flag of started) assert.ok(read("docs/guide/performance.md").includes(`\`${flag}\``), flag);
});
