import { describe, it } from "node:test";
import { requireNetworks, requireService, TwoNetworks } from "@echoo/testkit";
import { bothRead, callThatFlows, peopleApart } from "./calls-apart.ts";

const missing = requireService("chromium") || (await requireNetworks());

describe("why a call ended whose network went away", { skip: missing, timeout: 150_000 }, () => {
  it("network_lost: nothing passes any more while both sockets stay", async (t) => {
    const networks = await TwoNetworks.create(t);
    const people = await peopleApart(t, networks);
    const callId = await callThatFlows(people);
    await networks.separate();
    // How long the caller has patience is part of the case: the network is gone for all of it.
    await people.annPage.evaluate(async () => {
      await sdk.inState("ann", "reconnecting");
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      sdk.call("ann").hangUp();
    });
    await bothRead(people, callId, "network_lost");
  });
});
