import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messageRates } from "@echoo/protocol";
import { UserBudgets, userBudgetBounds } from "../../src/ws/limits/user-budgets.ts";
import { SocketWorld, type WorldSocket } from "./socket-world.ts";

const { socketsWorth, longestPauseMs } = userBudgetBounds;
const { burst, perSec } = messageRates.other;
const ann = "5550001";

/** A socket of ann's that has joined. */
async function joined(world: SocketWorld, protocol: number | undefined): Promise<WorldSocket> {
  const socket = world.open();
  socket.says({ type: "join", userId: ann, ...(protocol === undefined ? {} : { protocol }) });
  await world.settle();
  assert.ok(socket.heard.some(({ type }) => type === "joined"));
  return socket;
}

const pongs = (socket: WorldSocket) => socket.heard.filter(({ type }) => type === "pong").length;

/** One second's worth less than a burst, so that each socket stays within its own limits. */
function pings(socket: WorldSocket, count: number): void {
  for (let n = 0; n < count; n += 1) socket.says({ type: "ping" });
}

describe("what all sockets of one user may send", () => {
  for (const [wire, protocol] of [["the current wire", 2] as const, ["the older wire", undefined] as const]) {
    test(`is shared by those who come one after the other, over ${wire}`, async () => {
      const world = new SocketWorld();
      world.rateLimits = true;
      for (let n = 0; n < socketsWorth; n += 1) {
        const socket = await joined(world, protocol);
        pings(socket, burst - 1);
        await world.settle();
        assert.equal(pongs(socket), burst - 1);
        socket.close();
      }
      // The joins count as well: the whole budget is spent.
      const another = await joined(world, protocol);
      pings(another, 5);
      await world.settle();
      assert.equal(pongs(another), 1);
      // Each wait is a whole number of milliseconds.
      world.clock.advance((5 / (perSec * socketsWorth)) * 1_000 + 5);
      await world.settle();
      assert.equal(pongs(another), 5);
      await world.finish();
    });
  }

  test("leaves each of several busy devices all that its socket may have", async () => {
    const world = new SocketWorld();
    world.rateLimits = true;
    const devices: WorldSocket[] = [];
    for (let n = 0; n < socketsWorth; n += 1) devices.push(await joined(world, 2));
    for (const device of devices) pings(device, burst - 1);
    await world.settle();
    assert.deepEqual(
      devices.map(pongs),
      devices.map(() => burst - 1),
    );
    await world.finish();
  });

  test("closes no socket of somebody who floods over many", async () => {
    const world = new SocketWorld();
    world.rateLimits = true;
    const sockets: WorldSocket[] = [];
    for (let n = 0; n < 12; n += 1) sockets.push(await joined(world, 2));
    for (const socket of sockets) pings(socket, burst - 1);
    for (let sec = 0; sec < 60; sec += 1) {
      world.clock.advance(1_000);
      await world.settle();
    }
    assert.deepEqual(
      sockets.map(({ isOpen }) => isOpen),
      sockets.map(() => true),
    );
    assert.deepEqual(
      sockets.map(pongs),
      sockets.map(() => burst - 1),
    );
    await world.finish();
  });

  test("is counted by user and by family", () => {
    const budgets = new UserBudgets();
    const most = messageRates.offer.burst * socketsWorth;
    for (let n = 0; n < most; n += 1) assert.equal(budgets.charge(ann, "offer", 0), 0);
    assert.ok(budgets.charge(ann, "offer", 0) > 0);
    assert.equal(budgets.charge(ann, "candidate", 0), 0);
    assert.equal(budgets.charge("bob", "offer", 0), 0);
  });

  test("is waited for ten seconds at most, however much was sent", () => {
    const budgets = new UserBudgets();
    const waits = Array.from({ length: 1_000 }, () => budgets.charge(ann, "offer", 0));
    assert.equal(Math.max(...waits), longestPauseMs);
    assert.equal(budgets.charge(ann, "offer", longestPauseMs + 500), 0);
  });

  test("is forgotten once it is full again, and not before", () => {
    const budgets = new UserBudgets();
    for (let n = 0; n < 1_000; n += 1) budgets.charge(ann, "offer", 0);
    const fullMs = longestPauseMs + (messageRates.offer.burst / messageRates.offer.perSec) * 1_000;
    budgets.charge("bob", "offer", fullMs - 1);
    assert.equal(budgets.size, 2);
    budgets.charge("bob", "offer", fullMs);
    assert.equal(budgets.size, 1);
  });

  test("is followed for so many users, and the one who has been quiet longest is forgotten first", () => {
    const budgets = new UserBudgets({ ...userBudgetBounds, followedUsers: 2 });
    const spend = (user: string, nowMs: number) => {
      for (let n = 0; n < 100; n += 1) budgets.charge(user, "offer", nowMs);
    };
    spend(ann, 0);
    spend("bob", 1);
    budgets.charge(ann, "offer", 2);
    budgets.charge("cleo", "offer", 3);
    assert.equal(budgets.size, 2);
    assert.ok(budgets.charge(ann, "offer", 3) > 0);
    assert.equal(budgets.charge("bob", "offer", 3), 0);
  });
});
