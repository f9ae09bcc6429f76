import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { OfferTurns, offersPerTurn } from "../../src/ws/limits/offer-turns.ts";
import { SocketWorld, type WorldSocket } from "./socket-world.ts";

interface Pair {
  readonly caller: WorldSocket;
  readonly callee: WorldSocket;
  readonly to: string;
}

const sdp = "v=0\r\n";
let users = 5_550_100;

async function pair(world: SocketWorld): Promise<Pair> {
  const join = async () => {
    const socket = world.open();
    users += 1;
    socket.says({ type: "join", userId: String(users), protocol: 2, deviceId: `d${users}` });
    await world.settle();
    return socket;
  };
  const caller = await join();
  const callee = await join();
  return { caller, callee, to: String(users) };
}

const offer = ({ caller, to }: Pair) => caller.says({ type: "offer", to, sdp });
const rang = ({ callee }: Pair) => callee.heard.some(({ type }) => type === "offer");

/** One call that rings, and so many pairs that have not dialled yet. */
async function crowd(count: number) {
  const world = new SocketWorld();
  const witness = await pair(world);
  offer(witness);
  await world.settle();
  const callId = witness.callee.heard.find(({ type }) => type === "offer")?.callId ?? "";
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i += 1) pairs.push(await pair(world));
  return { world, witness, pairs, answer: () => witness.callee.says({ type: "answer", callId, sdp }) };
}

const isAnswered = ({ caller }: Pair) => caller.heard.some(({ type }) => type === "answer");

test("an answer that comes behind a crowd of offers waits for those of its turn alone", async () => {
  const { world, witness, pairs, answer } = await crowd(offersPerTurn * 3 + 1);
  for (const one of pairs) offer(one);
  answer();
  while (!isAnswered(witness)) await turn();
  assert.equal(pairs.filter(rang).length, offersPerTurn);
  await world.settle();
  assert.equal(pairs.filter(rang).length, pairs.length);
  await world.finish();
});

test("as many offers as a turn has are all handled in it", async () => {
  const { world, witness, pairs, answer } = await crowd(offersPerTurn);
  for (const one of pairs) offer(one);
  answer();
  while (!isAnswered(witness)) await turn();
  assert.ok(pairs.every(rang));
  await world.finish();
});

test("what a socket says behind an offer that waits comes behind it, and a socket that is gone dials no more", async () => {
  const { world, pairs } = await crowd(offersPerTurn + 2);
  for (const one of pairs) offer(one);
  const [hung, gone] = pairs.slice(-2) as [Pair, Pair];
  hung.caller.says({ type: "hangup", to: hung.to });
  gone.caller.close();
  await world.settle();
  assert.deepEqual(
    hung.callee.heard.map(({ type }) => type).filter((type) => type !== "joined"),
    ["offer", "hangup"],
  );
  assert.equal(rang(gone), false);
  const left = await world.finish();
  assert.deepEqual(left, { onlineUsers: 0, activeCalls: 0, sessions: [], timers: 0 });
});

test("offers that wait are handled in the order of their coming, so many a turn", () => {
  const deferred: (() => void)[] = [];
  const turns = new OfferTurns((run) => void deferred.push(run));
  const handled: number[] = [];
  const handle = (number: number) => {
    handled.push(number);
    turns.begin();
  };
  for (let number = 0; number < offersPerTurn * 2 + 1; number += 1) {
    if (turns.areFull) turns.wait(() => handle(number));
    else handle(number);
  }
  const perTurn: number[] = [];
  for (let before = 0; handled.length > before; ) {
    perTurn.push(handled.length - before);
    before = handled.length;
    for (const run of deferred.splice(0)) run();
  }
  assert.deepEqual(perTurn, [offersPerTurn, offersPerTurn, 1]);
  assert.deepEqual(
    handled,
    handled.map((_, at) => at),
  );
  assert.equal(turns.areFull, false);
});
