import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService } from "@echoo/testkit";
import { ask, tokenOf } from "../e2e/ask.ts";
import { SeveralServers } from "./several-servers.ts";
import { hangsUp, sameHistory, talk, talkAgain } from "./talk-across.ts";

/** Two servers as one system: everything as processes of their own. */
describe("two servers on one MongoDB and one Redis", {
  skip: requireService("mongod") || requireService("valkey"),
}, () => {
  test("carry a call between sockets on both, and both know its end", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    await hangsUp(bob, ann, callId);
    await sameHistory(system.servers, [[callId, "hangup"]]);
    for (const server of system.servers) assert.deepEqual(server.faults(), []);
  });

  test("lose no call with one that is killed: its client comes back at the other, and talks on", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    await system.one.kill("SIGKILL");
    await bob.next("peerLost");
    await ann.closed();
    const joined = await ann.resume({}, system.two.wsUrl);
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    await bob.next("peerBack");
    await hangsUp(ann, bob, callId);
    await sameHistory([system.two], [[callId, "hangup"]]);
  });

  test("lose no call with one that is told to end: it gives it away first, and its next boot takes part again", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    const ended = system.one.kill("SIGTERM");
    await ann.next("goaway");
    await ann.closed();
    const joined = await ann.resume({}, system.two.wsUrl);
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    assert.equal((await ended).code, 0);
    assert.match(system.one.output(), /other servers have taken over calls/);
    await hangsUp(bob, ann, callId);
    await system.one.start();
    const cleo = await system.connect(system.one, "5551000001");
    const next = await talkAgain(cleo, bob);
    await hangsUp(cleo, bob, next);
    await sameHistory(system.servers, [
      [callId, "hangup"],
      [next, "hangup"],
    ]);
    for (const server of system.servers) assert.deepEqual(server.faults(), []);
  });

  test("cut everywhere, at once, what a token let in that is logged out at one", async (t) => {
    const system = await SeveralServers.start(t);
    const token = await tokenOf(system.two, "5551000001");
    const { ann, bob } = await talk(system, token);
    const { status } = await ask(system.two, "POST /api/auth/logout", { token });
    assert.equal(status, 200);
    assert.equal((await ann.closed()).code, 4401);
    assert.equal((await bob.next("hangup")).reason, "admin_ended");
  });
});
