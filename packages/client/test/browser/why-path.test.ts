import { describe, it } from "node:test";
import { requireNetworks, requireService, TwoNetworks } from "@echoo/testkit";
import { bothRead, callWithoutPath, peopleApart, turnSecret } from "./calls-apart.ts";

const missing = requireService("chromium") || (await requireNetworks());

describe("why a call between two networks failed that reaches no relay", { skip: missing, timeout: 150_000 }, () => {
  it("turn_missing: there is no relay, and the networks do not reach each other", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const people = await peopleApart(t, networks);
    await bothRead(people, await callWithoutPath(people), "turn_missing");
  });

  it("turn_unreachable: nothing listens where the relay should be", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const turn = { TURN_URLS: `turn:${networks.router.address}:3499`, ECHOO_TURN_SECRET: turnSecret };
    const people = await peopleApart(t, networks, turn);
    await bothRead(people, await callWithoutPath(people), "turn_unreachable");
  });
});
