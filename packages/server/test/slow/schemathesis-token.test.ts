import { test } from "node:test";
import { requireService, spawnServer } from "@echoo/testkit";
import { tokenOf } from "../e2e/ask.ts";
import { witnessCall } from "../hostile/witness-call.ts";
import { endTheToken, fuzzRest } from "./fuzz-rest.ts";

/** The number that the description gives as its example. */
const ann = "5551234567";

test("REST is what its description says, for somebody with a token", {
  skip: requireService("schemathesis"),
}, async (t) => {
  const server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" }, test: t });
  await fuzzRest(t, server, { token: await tokenOf(server, ann), excluded: endTheToken });
  await witnessCall(server);
});
