import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readVersion } from "../../src/composition/version.ts";
import { documentNames, generateDocument, userKinds } from "../../src/docs/documents.ts";

const built = new URL("../../dist/docs/documents/", import.meta.url);

test("the built server has every document as it would be generated now", () => {
  for (const users of userKinds) {
    for (const name of documentNames) {
      const text = readFileSync(new URL(`${users}/${name}`, built), "utf8");
      assert.equal(text, generateDocument(name, readVersion(), users), `${users}/${name}`);
    }
  }
});
