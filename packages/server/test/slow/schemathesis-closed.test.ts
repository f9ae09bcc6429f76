import { test } from "node:test";
import { requireService, spawnServer } from "@echoo/testkit";
import { fuzzRest } from "./fuzz-rest.ts";

test("REST is what its description says in production, where everything is closed and limited", {
  skip: requireService("schemathesis"),
}, async (t) => {
  await fuzzRest(t, await spawnServer({ env: { NODE_ENV: "production" }, test: t }));
});
