import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { RedisProcess, requireService } from "@echoo/testkit";
import { EngineClient, EngineNode } from "../engine-node.ts";

for (const kind of ["valkey", "redis"] as const) {
  describe(`engines on ${kind}`, { skip: requireService(kind) }, () => {
    let server: RedisProcess;
    let nodes: EngineNode[] = [];
    beforeEach(async () => {
      server ??= await RedisProcess.start(kind);
    });
    afterEach(() => {
      for (const node of nodes) node.die();
      nodes = [];
    });
    after(async () => {
      await server?.stop();
    });

    async function node(formerBoot?: string): Promise<EngineNode> {
      const made = new EngineNode(server.socket, formerBoot);
      nodes.push(made);
      await made.ready();
      return made;
    }

    let talks = 0;
    async function talk(one: EngineNode, other: EngineNode, tokenId?: string) {
      // Nodes of the test before are taken to be alive for a while.
      talks += 1;
      const [ann, bob] = [new EngineClient(`ann${talks}`), new EngineClient(`bob${talks}`)];
      // A join that names a session waits until the node has spoken to the others; these name none that there is.
      await ann.joins(one, `${other.id}.none`, tokenId);
      await bob.joins(other, `${one.id}.none`);
      const callId = randomUUID();
      for (;;) {
        // For its first five seconds a store gives no lock.
        ann.says({ type: "offer", callId, to: bob.user, sdp: "ann offers", id: "offer" });
        const answer = await ann.next(["ack", "error"]);
        if (answer.type === "ack") break;
        await ann.settles();
      }
      await bob.next("offer");
      bob.says({ type: "ringing", callId });
      await ann.next("ringing");
      ann.says({ type: "candidate", callId, candidate: { candidate: "a1" } });
      await bob.next("candidate");
      bob.says({ type: "answer", callId, sdp: "bob answers", id: "answer" });
      await ann.next("answer");
      await bob.next("ack", (message) => message.type === "ack" && message.id === "answer");
      ann.says({ type: "connected", callId });
      return { ann, bob, callId };
    }

    test("carry a call from one to the other: offer, ring, candidates, answer, chat and end", async () => {
      const [one, other] = [await node(), await node()];
      const { ann, bob, callId } = await talk(one, other);
      bob.says({ type: "candidate", callId, candidate: { candidate: "b1" } });
      await ann.next("candidate");
      bob.says({ type: "chat", callId, to: ann.user, message: "hello" });
      await ann.next("chat");
      ann.says({ type: "chat", callId, to: bob.user, message: "hello back" });
      await bob.next("chat");
      bob.says({ type: "hangup", callId, to: ann.user, id: "end" });
      const end = await ann.next("hangup");
      assert.deepEqual(end.type === "hangup" && [end.reason, end.endedBy], ["hangup", "peer"]);
      await bob.next("ack", (message) => message.type === "ack" && message.id === "end");
      assert.deepEqual(
        one.journal.records.map(({ endReason, caller, callee }) => [endReason, caller, callee]),
        [["hangup", ann.user, bob.user]],
      );
      assert.deepEqual(other.journal.records, []);
    });

    test("tell on one who is there on the other: who comes, is in a call, and has gone", async () => {
      const [one, other] = [await node(), await node()];
      const watcher = new EngineClient(`watcher${kind}`);
      await watcher.joins(one);
      watcher.says({ type: "watch", users: [`ann${talks + 1}`, `bob${talks + 1}`] });
      const looks = async (user: string, online: boolean, inCall?: boolean) => {
        const wanted = { userId: user, online, ...(inCall === undefined ? {} : { inCall }) };
        await watcher.next("presence", (message) => {
          const entries = message.type === "presence" ? message.users : [];
          return entries.some((entry) => isDeepStrictEqual({ ...entry }, wanted));
        });
      };
      await looks(`bob${talks + 1}`, false);
      const { ann, bob, callId } = await talk(one, other);
      // What is changed twice in a moment is told once.
      await looks(ann.user, true, true);
      await looks(bob.user, true, true);
      watcher.says({ type: "checkUser", userId: bob.user });
      const status = await watcher.next("userStatus");
      assert.equal(status.type === "userStatus" && status.online, true);
      ann.says({ type: "hangup", callId, to: bob.user });
      await looks(bob.user, true, false);
      bob.says({ type: "leave" });
      await looks(bob.user, false);
    });

    test("give their calls to the other before they end, and whoever is still there talks and hangs up all the same", async () => {
      const [one, other] = [await node(), await node()];
      const { ann, bob, callId } = await talk(one, other);
      assert.equal(await one.engine.cluster?.handOver(10_000), 1);
      assert.equal(one.engine.partiesOf(callId), undefined);
      assert.deepEqual(other.engine.partiesOf(callId), { caller: ann.user, callee: bob.user });
      ann.says({ type: "chat", callId, to: bob.user, message: "still here" });
      await bob.next("chat");
      ann.says({ type: "hangup", callId, to: bob.user });
      const end = await bob.next("hangup");
      assert.deepEqual(end.type === "hangup" && [end.reason, end.endedBy], ["hangup", "peer"]);
      assert.deepEqual(
        [...other.journal.records].map(({ endReason }) => endReason),
        ["hangup"],
      );
      assert.deepEqual(one.journal.records, []);
    });

    test("cut what a token let in that was revoked on another node, and end its call", async () => {
      const [one, other] = [await node(), await node()];
      const { ann, bob } = await talk(one, other, "token");
      other.engine.tokenRevoked("token");
      assert.equal(await ann.closed, 4401);
      const end = await bob.next("hangup");
      assert.equal(end.type === "hangup" && end.reason, "admin_ended");
    });

    test("lose no call with a home that dies: another takes it, and its client joins there and talks on", async () => {
      const [one, other] = [await node(), await node()];
      const { ann, bob, callId } = await talk(one, other);
      const [former, session] = [one.id, ann.session?.id ?? ""];
      one.die();
      // Its next boot knows that it is no more.
      const again = await node(former);
      await bob.next("peerLost");
      const joined = await ann.joins(again, session);
      assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
      assert.deepEqual(
        joined.calls.filter(({ state }) => state !== "ended").map(({ callId: id, bound }) => [id, bound]),
        [[callId, true]],
      );
      await bob.next("peerBack");
      ann.says({ type: "chat", callId, to: bob.user, message: "still there" });
      await bob.next("chat");
      ann.says({ type: "hangup", callId, to: bob.user });
      const end = await bob.next("hangup");
      assert.equal(end.type === "hangup" && end.reason, "hangup");
    });
  });
}
