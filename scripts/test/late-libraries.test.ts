import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Libraries that many a server never needs, and what of ours may name one: it is loaded late itself. */
const late: Readonly<Record<string, RegExp>> = {
  "@redis/client": /^$/,
  http_ece: /^$/,
  jose: /^$/,
  mongodb: /^packages\/storage\/src\/(store-mongo\/|mongodb\.ts$)/,
  "node:http2": /^$/,
  selfsigned: /^$/,
};

const packages = ["accounts", "cluster", "core", "server", "storage"];
const root = fileURLToPath(new URL("../../", import.meta.url));

test("a start loads none of the libraries that many a server never needs", () => {
  const found: string[] = [];
  for (const file of packages.flatMap(sourcesOf)) {
    const text = readFileSync(join(root, file), "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)";/gm)) {
      const own = late[name];
      if (own && !own.test(file)) found.push(`${file} loads ${name}`);
    }
  }
  assert.deepEqual(found, []);
});

function sourcesOf(name: string): string[] {
  const folder = `packages/${name}/src`;
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => `${folder}/${file.replaceAll("\\", "/")}`);
}
