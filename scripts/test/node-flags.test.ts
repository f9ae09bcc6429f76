import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the guide names each flag of Node that npm start sets, for those who start the server in another way", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const flags = (scripts.start ?? "").split(" ").filter((word) => word.startsWith("--"));
  assert.ok(flags.length > 0);
  for (const flag of flags) assert.ok(read("docs/guide/performance.md").includes(`\`${flag}\``), flag);
});
