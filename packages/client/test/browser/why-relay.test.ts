import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { requireNetworks, requireService, startCoturn, TwoNetworks } from "@echoo/testkit";
import { bothRead, callWithoutPath, peopleApart, turnSecret } from "./calls-apart.ts";

const run = promisify(execFile);
const missing = requireService("chromium") || requireService("coturn") || (await requireNetworks());

describe("why a call between two networks failed that has a relay", { skip: missing, timeout: 150_000 }, () => {
  it("turn_refused: the relay and the server have different secrets", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const { address, prefix } = networks.router;
    const coturn = await startCoturn({ secrets: ["another-secret-that-nobody-told-0002"], address, prefix, test: t });
    const people = await peopleApart(t, networks, { TURN_URLS: coturn.url, ECHOO_TURN_SECRET: turnSecret });
    await bothRead(people, await callWithoutPath(people), "turn_refused");
  });

  it("relay_dead: the relay's own ports are closed", async (t) => {
    const networks = await TwoNetworks.create(t);
    await networks.separate();
    const { address, namespace, prefix } = networks.router;
    const onRouter = (line: string) => run("ip", ["netns", "exec", namespace, "nft", line]);
    await onRouter("add table inet relay");
    await onRouter("add chain inet relay input { type filter hook input priority 0; }");
    await onRouter("add rule inet relay input udp dport 20000-23999 drop");
    const coturn = await startCoturn({ secrets: [turnSecret], address, prefix, test: t });
    const people = await peopleApart(t, networks, { TURN_URLS: coturn.url, ECHOO_TURN_SECRET: turnSecret });
    await bothRead(people, await callWithoutPath(people), "relay_dead");
  });
});
