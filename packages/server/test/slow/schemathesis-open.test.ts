import { test } from "node:test";
import { requireService, spawnServer } from "@echoo/testkit";
import { witnessCall } from "../hostile/witness-call.ts";
import { fuzzRest } from "./fuzz-rest.ts";

test("REST is what its description says, for anybody whom open access covers", {
  skip: requireService("schemathesis"),
}, async (t) => {
  const server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" }, test: t });
  await fuzzRest(t, server);
  await witnessCall(server);
});
