import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "@echoo/core";
import { play } from "@echoo/testkit";

test("without other nodes every message of a call is handled within its turn, and no promise is on its way", async () => {
  const replies: (readonly [type: string, reply: unknown])[] = [];
  const { scenario, actors } = await play("ann", "bob");
  const [ann, bob] = actors;
  const { engine } = scenario.node;
  assert.ok(engine instanceof Engine);
  const receive = engine.receive.bind(engine);
  engine.receive = (session, message) => {
    const reply = receive(session, message);
    replies.push([message.type, reply]);
    return reply;
  };
  await ann.offers("bob");
  await bob.rings();
  await ann.trickles("a1");
  await bob.answers();
  await bob.trickles("b1");
  await ann.connects();
  await ann.hangsUp();
  assert.deepEqual(
    replies.map(([type]) => type),
    ["offer", "ringing", "candidate", "answer", "candidate", "connected", "hangup"],
  );
  for (const [type, reply] of replies) assert.equal(reply, undefined, type);
});
