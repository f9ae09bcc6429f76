import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { requireService, SentinelSet } from "@echoo/testkit";
import { openRedis } from "../../src/redis/open-redis.ts";
import { EngineClient, EngineNode } from "../engine-node.ts";

for (const kind of ["valkey", "redis"] as const) {
  describe(`a primary that sentinels watch, ${kind}`, { skip: requireService(kind) }, () => {
    test("is found by the first sentinel that answers, and none is where none does or the name is another", async (t) => {
      const set = await SentinelSet.start(kind);
      t.after(() => set.stop());
      const nobody = "127.0.0.1:1";
      const { name } = set;
      const found = await openRedis({ sentinels: [nobody, ...set.sentinels], name }, () => {});
      assert.equal(await found.command(["PING"]), "PONG");
      found.close();
      for (const none of [
        { sentinels: [nobody], name },
        { sentinels: set.sentinels, name: "other" },
      ])
        await assert.rejects(
          openRedis(none, () => {}),
          /no sentinel names a primary/,
        );
    });

    test("fails over in the middle of a call across nodes: the call stands, ends, and the next one is placed", async (t) => {
      const set = await SentinelSet.start(kind);
      t.after(() => set.stop());
      const address = { sentinels: ["127.0.0.1:1", ...set.sentinels], name: set.name };
      const nodes = [new EngineNode(address), new EngineNode(address)] as const;
      t.after(() => {
        for (const node of nodes) node.die();
      });
      for (const node of nodes) await node.ready();
      const [ann, bob] = [new EngineClient("ann"), new EngineClient("bob")];
      // A join that names a session waits until its node has spoken to the others.
      await ann.joins(nodes[0], `${nodes[1].id}.none`);
      await bob.joins(nodes[1], `${nodes[0].id}.none`);

      async function offers(callId: string): Promise<void> {
        // For its first five seconds a store gives no lock.
        for (;;) {
          ann.says({ type: "offer", callId, to: bob.user, sdp: "ann offers", id: callId });
          if ((await ann.next(["ack", "error"])).type === "ack") break;
          await ann.settles();
        }
        await bob.next("offer", (message) => message.type === "offer" && message.callId === callId);
      }

      const callId = randomUUID();
      await offers(callId);
      bob.says({ type: "answer", callId, sdp: "bob answers", id: "answer" });
      await ann.next("answer");
      await bob.next("ack", (message) => message.type === "ack" && message.id === "answer");
      ann.says({ type: "connected", callId });

      set.killPrimary();
      bob.says({ type: "hangup", callId, to: ann.user, id: "end" });
      const end = await ann.next("hangup");
      assert.equal(end.type === "hangup" && end.reason, "hangup");
      assert.deepEqual(
        nodes.map(({ journal }) => journal.records.map(({ endReason }) => endReason)),
        [["hangup"], []],
      );
      const next = randomUUID();
      await offers(next);
      ann.says({ type: "hangup", callId: next, to: bob.user });
      await bob.next("hangup");
    });
  });
}
