import assert from "node:assert/strict";
import { test } from "node:test";
import { RawPeer, spawnServer } from "@echoo/testkit";

const [users, sample] = [1_000, 100];

/** Lists of users go to sessions that name no protocol; they are counted by themselves. */
const isList = (text: string) => text.startsWith('{"type":"userList"');
/** Everybody is listed while so many are online; a list of them is about as long as this. */
const [listedMax, listBytesMax] = [200, 3_000];

/** Counted, not timed: what a join sends to everybody must not depend on how many are there already. */
test("each of 1,000 users who join costs the same, and only the one who joins hears of it", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  const peers: RawPeer[] = [];
  t.after(() => {
    for (const peer of peers) peer.terminate();
  });
  const costs: { bytes: number; messages: number }[] = [];
  const said = (peer: RawPeer) => peer.receivedTexts.filter((text) => !isList(text));
  const heard = () => peers.reduce((sum, peer) => sum + said(peer).length, 0);
  const startMs = performance.now();
  for (let i = 0; i < users; i += 1) {
    const peer = await RawPeer.connect(server.wsUrl);
    peers.push(peer);
    // Current and legacy sessions alike.
    const extra = isCurrent(i) ? { protocol: 2 } : {};
    const before = i % sample === 0 ? heard() : 0;
    await peer.join(`5558${String(i).padStart(6, "0")}`, extra);
    if (i % sample === 0) assert.equal(heard() - before, 1, `join ${i} was heard by others`);
    const bytes = said(peer).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    costs.push({ bytes, messages: said(peer).length });
  }
  // Whatever was still under way has arrived once everybody's ping is answered.
  for (const peer of peers) await peer.settle();
  const pongs = users;
  assert.equal(heard(), users + pongs);
  const total = (part: typeof costs) => part.reduce((sum, { bytes }) => sum + bytes, 0);
  const [first, last] = [total(costs.slice(0, sample)), total(costs.slice(-sample))];
  t.diagnostic(`the first ${sample} joins cost ${first} bytes, the last ${last}`);
  assert.ok(Math.abs(last / first - 1) < 0.03, `${first} bytes became ${last}`);
  checkLists(peers, (performance.now() - startMs) / 1_000);
  assert.deepEqual(server.faults(), []);
});

/** Lists go to legacy sessions alone: at most one a second to those who see everybody, and one to all who come later. */
function checkLists(peers: readonly RawPeer[], seconds: number): void {
  const lists = peers.map((peer) => peer.receivedTexts.filter(isList));
  for (const [i, own] of lists.entries()) {
    if (isCurrent(i)) assert.deepEqual(own, []);
    else if (i > listedMax) assert.deepEqual(own, ['{"type":"userList","users":[]}']);
    else assert.ok(own.length >= 1 && own.length <= seconds + 2, `${own.length} lists in ${seconds} s`);
    for (const text of own) assert.ok(text.length <= listBytesMax, `a list of ${text.length} bytes`);
  }
}

function isCurrent(i: number): boolean {
  return i % 2 === 0;
}
