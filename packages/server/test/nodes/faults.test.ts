import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService } from "@echoo/testkit";
import { ask } from "../e2e/ask.ts";
import { SeveralServers } from "./several-servers.ts";
import { comesBack, hangsUp, sameHistory, talk, talkAgain } from "./talk-across.ts";

/**
 * As long as may be: how soon a server that cannot be heard is taken for dead is the first test's matter, and a machine
 * with other work may leave one unheard for some seconds.
 */
const slowToJudge = { ECHOO_NODE_LOST_MS: "14000" };

/** What servers and their Redis do to each other when one of them fails. */
describe("two servers of one system, of which something fails", {
  skip: requireService("mongod") || requireService("valkey"),
}, () => {
  test("one that freezes loses its calls to the other, and as it wakes up it cuts its clients and is another node", async (t) => {
    const system = await SeveralServers.start(t);
    const { ann, bob, callId } = await talk(system);
    process.kill(system.one.pid, "SIGSTOP");
    await bob.next("peerLost");
    process.kill(system.one.pid, "SIGCONT");
    assert.equal((await ann.closed()).code, 1012);
    await system.one.said(/took this server for dead/);
    const joined = await comesBack(ann, system.one);
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    await bob.next("peerBack");
    await hangsUp(ann, bob, callId);
    const next = await talkAgain(bob, ann);
    await hangsUp(bob, ann, next);
    await sameHistory(system.servers, [
      [callId, "hangup"],
      [next, "hangup"],
    ]);
  });

  test("while Redis hangs calls go on and nobody is taken for dead; what is asked for meanwhile is told as it wakes up", async (t) => {
    const system = await SeveralServers.start(t, slowToJudge);
    const { ann, bob, callId } = await talk(system);
    system.redis.freeze();
    await bob.settle();
    ann.send({ type: "hangup", callId });
    await system.one.said(/Redis does not answer/, 30_000);
    assert.equal((await ask(system.one, "GET /readyz")).status, 200);
    assert.equal((await ask(system.one, "GET /api/health")).body.status, "degraded");
    system.redis.thaw();
    assert.equal((await bob.next("hangup")).reason, "hangup");
    await sameHistory(system.servers, [[callId, "hangup"]]);
    for (const server of system.servers) assert.doesNotMatch(server.output(), /took this server for dead/);
  });

  for (const [how, lose] of [
    ["with its data", async () => {}],
    ["with nothing", (system: SeveralServers) => system.redis.losesData()],
  ] as const) {
    test(`a Redis that dies and comes back ${how} ends no call, and new ones can be placed`, async (t) => {
      const system = await SeveralServers.start(t, slowToJudge);
      const { ann, bob, callId } = await talk(system);
      await system.redis.kill();
      await system.two.said(/Redis does not answer/);
      await lose(system);
      await system.redis.startAgain();
      await hangsUp(bob, ann, callId);
      const next = await talkAgain(bob, ann);
      await hangsUp(ann, bob, next);
      await sameHistory(system.servers, [
        [callId, "hangup"],
        [next, "hangup"],
      ]);
    });
  }
});
