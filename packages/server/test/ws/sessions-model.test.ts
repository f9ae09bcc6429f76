import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Secret, SocketWorld, type WorldSocket } from "./socket-world.ts";

const [ann, bob] = ["5550001", "5550002"];
const socketsMax = 4;

type Act = (world: SocketWorld, socket: WorldSocket, choice: number) => void;

const users = (choice: number) => (choice % 3 === 0 ? bob : ann);
const secretOf = (choice: number): Secret => (["a1", "a2", "b1"] as const)[choice % 3] ?? "a1";
/** A session that some client was told of: its own, another's, or one that is long over. */
const toldOf = (world: SocketWorld, choice: number) => world.told.at(-1 - (choice % 4)) ?? "none";
const resume = (world: SocketWorld, choice: number) => ({
  resume: { session: toldOf(world, choice), seq: choice % 3 },
});

/** Whatever ends a session, or may look like it, from either side. */
const acts: Record<string, Act> = {
  open: (world) => void (world.sockets.filter(({ isOpen }) => isOpen).length < socketsMax && world.open()),
  close: (_world, socket) => socket.close(),
  seemsDead: (_world, socket) => socket.seemsDead(),
  joins: (_world, socket, choice) =>
    socket.says({ type: "join", userId: users(choice), protocol: 2, ...(choice % 2 ? { deviceId: "d" } : {}) }),
  joinsPlain: (_world, socket, choice) => socket.says({ type: "join", userId: users(choice) }),
  joinsByToken: (_world, socket, choice) => socket.says({ type: "join", token: secretOf(choice), protocol: 2 }),
  resumes: (world, socket, choice) =>
    socket.says({ type: "join", userId: users(choice), protocol: 2, ...resume(world, choice) }),
  resumesByToken: (world, socket, choice) =>
    socket.says({ type: "join", token: secretOf(choice), protocol: 2, ...resume(world, choice + 1) }),
  resumesAsAnotherDevice: (world, socket, choice) =>
    socket.says({ type: "join", userId: users(choice), protocol: 2, deviceId: "other", ...resume(world, choice) }),
  resumesPlain: (world, socket, choice) =>
    socket.says({ type: "join", userId: users(choice), ...resume(world, choice) }),
  authenticates: (_world, socket, choice) => socket.says({ type: "authenticate", authToken: secretOf(choice) }),
  leaves: (_world, socket, choice) => socket.says({ type: "leave", ...(choice % 3 ? { n: choice } : {}), id: "l" }),
  pings: (_world, socket, choice) => socket.says({ type: "ping", n: choice }),
  watches: (_world, socket, choice) => socket.says({ type: "watch", users: [users(choice)], n: choice + 1 }),
  offers: (_world, socket, choice) =>
    socket.says({ type: "offer", to: users(choice), sdp: "v=0", supersede: choice % 2 === 0 }),
  answers: (_world, socket) => {
    const offer = socket.heard.findLast(({ type }) => type === "offer");
    if (offer) socket.says({ type: "answer", callId: offer.callId, sdp: "v=0" });
  },
  revokes: (world, _socket, choice) => world.revoke(secretOf(choice)),
  logsOut: (world, _socket, choice) => world.engine.userLoggedOut(users(choice) ?? ""),
  proves: (world, _socket, choice) => world.engine.numberProven(users(choice) ?? ""),
  erases: (world, _socket, choice) => world.engine.userErased(users(choice) ?? "", `deleted:${choice}`),
  breaksNextJoin: (world) => world.breakNextJoin(),
  holdsDatabase: (world) => world.hold("userFacts"),
  releasesDatabase: (world) => world.release("userFacts"),
  holdsAuthenticator: (world) => world.hold("authenticator"),
  releasesAuthenticator: (world) => world.release("authenticator"),
  setsTheClock: (world, _socket, choice) => world.clock.jump(choice % 2 === 0 ? 3_600_000 : -3_600_000),
  passesTime: (world, _socket, choice) => world.clock.advance([1, 2_000, 10_000, 31_000, 45_000][choice % 5] ?? 1),
};

const step = fc.record({
  act: fc.constantFrom(...Object.keys(acts)),
  socket: fc.nat({ max: socketsMax - 1 }),
  choice: fc.nat({ max: 8 }),
});

interface Step {
  readonly act: string;
  readonly socket: number;
  readonly choice: number;
}

async function walk(steps: readonly Step[]): Promise<void> {
  const world = new SocketWorld();
  for (let i = 0; i < socketsMax; i += 1) world.open();
  for (const { act, socket, choice } of steps) {
    const open = world.sockets.filter(({ isOpen }) => isOpen);
    const chosen = open[socket % Math.max(1, open.length)] ?? world.open();
    acts[act]?.(world, chosen, choice);
    await world.settle();
    assert.deepEqual(world.check(), []);
  }
  assert.deepEqual(await world.finish(), { onlineUsers: 0, activeCalls: 0, sessions: [], timers: 0 });
}

describe("a session and its socket", () => {
  test("agree on every walk: each session is on a socket that knows it or runs out, and nothing is left", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), walk), {
      numRuns: Number(process.env.ECHOO_MODEL_RUNS ?? 200),
    });
  });

  test("a leave that repeats a number ends the session, and a ping that does is answered", async () => {
    const world = new SocketWorld();
    const socket = world.open();
    for (const message of [
      { type: "join", userId: ann, protocol: 2 },
      { type: "ping", n: 5 },
      { type: "ping", n: 5 },
      { type: "hangup", callId: "none", n: 4, id: "dropped" },
      { type: "leave", n: 5, id: "left" },
      { type: "ping" },
    ]) {
      socket.says(message);
      await world.settle();
    }
    assert.equal(world.engine.onlineUsers, 0);
    assert.deepEqual(
      socket.heard.map(({ type, id, code, n }) => ({ type, id: id ?? code ?? n })),
      [
        { type: "joined", id: undefined },
        { type: "pong", id: 5 },
        { type: "pong", id: 5 },
        { type: "ack", id: "left" },
        { type: "error", id: "not_joined" },
      ],
    );
    socket.says({ type: "join", userId: bob, protocol: 2 });
    await world.settle();
    assert.deepEqual(world.check(), []);
    assert.equal(world.engine.presenceOf(bob).online, true);
    await world.finish();
  });
});
