import assert from "node:assert/strict";
import { test } from "node:test";
import { RawPeer, spawnServer } from "@echoo/testkit";

const [users, sample] = [1_000, 100];

/** Counted, not timed: what a join sends to everybody must not depend on how many are there already. */
test("each of 1,000 users who join costs the same, and only the one who joins hears of it", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  const peers: RawPeer[] = [];
  t.after(() => {
    for (const peer of peers) peer.terminate();
  });
  const costs: { bytes: number; messages: number }[] = [];
  const heard = () => peers.reduce((sum, peer) => sum + peer.receivedTexts.length, 0);
  for (let i = 0; i < users; i += 1) {
    const peer = await RawPeer.connect(server.wsUrl);
    peers.push(peer);
    // Current and legacy sessions alike.
    const extra = i % 2 === 0 ? { protocol: 2 } : {};
    const before = i % sample === 0 ? heard() : 0;
    await peer.join(`5558${String(i).padStart(6, "0")}`, extra);
    if (i % sample === 0) assert.equal(heard() - before, 1, `join ${i} was heard by others`);
    const bytes = peer.receivedTexts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    costs.push({ bytes, messages: peer.receivedTexts.length });
  }
  // Whatever was still under way has arrived once everybody's ping is answered.
  for (const peer of peers) await peer.settle();
  const pongs = users;
  assert.equal(heard(), users + pongs);
  const total = (part: typeof costs) => part.reduce((sum, { bytes }) => sum + bytes, 0);
  const [first, last] = [total(costs.slice(0, sample)), total(costs.slice(-sample))];
  t.diagnostic(`the first ${sample} joins cost ${first} bytes, the last ${last}`);
  assert.ok(Math.abs(last / first - 1) < 0.03, `${first} bytes became ${last}`);
  assert.deepEqual(server.faults(), []);
});
