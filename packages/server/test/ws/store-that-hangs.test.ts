import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createUserFactsCache } from "@echoo/accounts/testing";
import type { Store } from "@echoo/core";
import { temporaryStore } from "../../../accounts/test/temporary-store.ts";
import { pause } from "../../src/composition/platform.ts";
import { SocketWorld, type WorldSocket } from "./socket-world.ts";

const [ann, bob, cleo, dan] = ["5550001", "5550002", "5550003", "5550004"];
const callId = "00000000-0000-4000-8000-000000000001";

/** A store of which nothing is answered any more, from some moment on. */
function hangable(t: TestContext) {
  const state = { hangs: false, asked: [] as string[] };
  const table = <T extends object>(name: string, methods: T): T =>
    new Proxy(methods, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (!state.hangs) return method.apply(target, args);
          state.asked.push(`${name}.${String(key)}`);
          return new Promise(() => {});
        };
      },
    });
  const real = temporaryStore(t);
  const { users, contacts, blocks } = real;
  const store: Store = {
    ...real,
    users: table("users", users),
    contacts: table("contacts", contacts),
    blocks: table("blocks", blocks),
  };
  return { state, real, store };
}

/** Three people who are here, one of whom has blocked another; then the store hangs. */
async function setUp(t: TestContext) {
  const { state, real, store } = hangable(t);
  const world = new SocketWorld((clock) =>
    createUserFactsCache({
      store,
      clock,
      pause,
      maxPeople: 1,
      maxListed: 5,
      onFailure: () => {},
      onCaughtUp: () => {},
    }),
  );
  for (const user of [ann, bob, cleo, dan]) await real.users.ensure(user, {}, 1);
  await real.blocks.put(cleo, { blocked: ann, createdAtMs: 1 }, 9);
  const sockets: WorldSocket[] = [];
  for (const userId of [ann, bob, cleo]) {
    const socket = world.open();
    socket.says({ type: "join", userId, protocol: 2 });
    await world.settle();
    sockets.push(socket);
  }
  state.hangs = true;
  return { world, state, sockets: sockets as [WorldSocket, WorldSocket, WorldSocket] };
}

const typesOf = ({ heard }: WorldSocket) => heard.map(({ type }) => type);

test("a whole call comes about while the store hangs, and asks it nothing", async (t) => {
  const { world, state, sockets } = await setUp(t);
  const [annas, bobs] = sockets;
  annas.says({ type: "offer", to: bob, sdp: "v=0", callId });
  bobs.says({ type: "answer", callId, sdp: "v=0" });
  annas.says({ type: "hangup", callId });
  await world.settle();
  assert.deepEqual(typesOf(bobs), ["joined", "offer", "hangup"]);
  assert.deepEqual(typesOf(annas), ["joined", "calling", "answer", "hangup"]);
  assert.deepEqual(state.asked, []);
  await world.finish();
});

test("a block holds while the store hangs, and looks like somebody who is away and of whom nothing is known", async (t) => {
  const { world, sockets } = await setUp(t);
  const [annas, , cleos] = sockets;
  annas.says({ type: "offer", to: cleo, sdp: "v=0", callId });
  await world.settle();
  const blocked = annas.heard.splice(1);
  annas.says({ type: "offer", to: dan, sdp: "v=0", callId: callId.replace(/1$/, "2") });
  await world.settle();
  const away = annas.heard.splice(1);
  assert.deepEqual(typesOf(cleos), ["joined"]);
  const plain = (messages: readonly object[]) =>
    JSON.stringify(messages)
      .replaceAll(dan, cleo)
      .replaceAll(/000[12]"/g, '"');
  assert.equal(plain(blocked).replaceAll(/"seq":\d+/g, ""), plain(away).replaceAll(/"seq":\d+/g, ""));
  await world.finish();
});

test("a join is refused while nothing is known of its user, and comes in once the store answers", async (t) => {
  const { world, state } = await setUp(t);
  const socket = world.open();
  socket.says({ type: "join", userId: dan, protocol: 2 });
  await world.settle();
  world.clock.advance(2_000);
  await world.settle();
  const [refusal] = socket.heard;
  assert.deepEqual([refusal?.type, refusal?.code], ["error", "unavailable"]);
  state.hangs = false;
  socket.says({ type: "join", userId: dan, protocol: 2 });
  await world.settle();
  assert.deepEqual(typesOf(socket), ["error", "joined"]);
  await world.finish();
});
