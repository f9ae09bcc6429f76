import assert from "node:assert/strict";
import { test } from "node:test";
import { findChromium, requireService } from "@echoo/testkit";

const missing = { CHROMIUM_PATH: "no/such/browser" };

test("a service that is there skips nothing", () => {
  assert.equal(requireService("chromium", { CHROMIUM_PATH: process.execPath }), false);
});

test("a missing service skips with its name and the remedy", () => {
  const reason = requireService("chromium", missing);
  assert.match(String(reason), /^chromium is missing: .*CHROMIUM_PATH/);
});

test("a missing service fails under CI", () => {
  assert.throws(() => requireService("chromium", { ...missing, CI: "true" }), /nothing is skipped/);
});

test("a CHROMIUM_PATH that names no file is not replaced by another browser", () => {
  assert.equal(findChromium(missing), undefined);
});
