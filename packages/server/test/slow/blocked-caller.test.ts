import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { limits, type ServerMessage } from "@echoo/protocol";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, historyOnce, tokenOf } from "../e2e/ask.ts";
import { offer, somebody } from "../ws/talk.ts";

interface World {
  readonly server: ServerProcess;
  readonly ann: { readonly phone: string; readonly token: string };
  /** Online, and blocks ann. */
  readonly blocker: string;
  /** Was here, and left when the other one blocked ann. */
  readonly absent: string;
}

/** Ann knows two people of the same name: one of them blocks her, the other has gone. */
async function startWorld(t: TestContext): Promise<World> {
  const server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" }, test: t });
  const person = async () => {
    const phone = somebody();
    const token = await tokenOf(server, phone);
    await ask(server, `PUT /api/users/${phone}`, { token, body: { displayName: "Bob" } });
    const peer = await RawPeer.connect(server.wsUrl, { name: phone, test: t });
    await peer.join(phone, { protocol: 2, token });
    return { phone, token, peer };
  };
  const [ann, blocker, absent] = [await person(), await person(), await person()];
  ann.peer.terminate();
  for (const { phone } of [blocker, absent]) {
    const path = `/api/users/${ann.phone}/contacts/${phone}`;
    assert.equal((await ask(server, `PUT ${path}`, { token: ann.token, body: { name: "Bob" } })).status, 201);
  }
  const path = `/api/users/${blocker.phone}/blocks/${ann.phone}`;
  assert.equal((await ask(server, `PUT ${path}`, { token: blocker.token, body: {} })).status, 201);
  absent.peer.send({ type: "leave" });
  absent.peer.send({ type: "ping", id: "gone" });
  assert.equal((await absent.peer.reply("gone")).type, "error");
  absent.peer.terminate();
  return { server, ann, blocker: blocker.phone, absent: absent.phone };
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Text in which numbers, ids and moments, which must differ, are no longer told apart. */
function masked(text: string, callee: string): string {
  return text
    .replaceAll(callee, "BOB")
    .replaceAll(uuid, "ID")
    .replaceAll(instant, "WHEN")
    .replaceAll(/"(seq|time|lastSeenAt|lastSeenAtMs)":\d+/g, '"$1":0');
}

type Wire = "current" | "older";

/** Everything that a client may say of a number that it calls, and every frame that comes back, in order. */
async function callSomebody(world: World, callee: string, wire: Wire): Promise<string[]> {
  const { server, ann } = world;
  const peer = await RawPeer.connect(server.wsUrl, { name: `ann to ${callee}` });
  try {
    if (wire === "current") await peer.join(ann.phone, { protocol: 2, token: ann.token });
    else {
      peer.send({ type: "authenticate", authToken: ann.token });
      await peer.next("joined");
    }
    const before = peer.receivedTexts.length;
    const [candidate] = offer.candidates(1);
    const words = [
      { type: "checkUser", userId: callee },
      { type: "watch", users: [callee] },
      { type: "offer", to: callee, sdp: offer.sdp, isVideoCall: true },
      { type: "candidate", to: callee, candidate },
      { type: "hangup", to: callee },
      { type: "offer", to: callee, sdp: offer.sdp, isVideoCall: false, id: "second" },
      { type: "chat", to: callee, message: "there?" },
      { type: "answer", to: callee, sdp: offer.sdp },
      { type: "reject", to: callee },
      { type: "checkUser", userId: callee },
      { type: "getUsers" },
    ];
    for (const word of words) {
      peer.send(word);
      await peer.settle();
    }
    const frames = peer.receivedTexts.slice(before).map((text) => masked(text, callee));
    // Of settling, not of the call.
    return frames.filter((text) => (JSON.parse(text) as ServerMessage).type !== "pong");
  } finally {
    peer.terminate();
  }
}

/** How long each offer takes until the caller hears that nobody can be reached. */
async function timeOffers(world: World, rounds: number): Promise<Record<"blocker" | "absent", number[]>> {
  const peer = await RawPeer.connect(world.server.wsUrl, { name: "ann" });
  const timesMs: Record<"blocker" | "absent", number[]> = { blocker: [], absent: [] };
  await peer.join(world.ann.phone, { protocol: 2, token: world.ann.token });
  for (let round = 0; round < rounds; round += 1) {
    for (const who of round % 2 === 0 ? (["blocker", "absent"] as const) : (["absent", "blocker"] as const)) {
      const begunMs = performance.now();
      peer.send({ type: "offer", to: world[who], sdp: offer.sdp });
      const { reason } = await peer.next("reject");
      timesMs[who].push(performance.now() - begunMs);
      assert.equal(reason, "unreachable");
    }
  }
  peer.terminate();
  return timesMs;
}

function describeTimes(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(2);
  return `p10 ${at(0.1)} · p50 ${at(0.5)} · p90 ${at(0.9)} ms`;
}

describe("somebody who is blocked, over real sockets and REST", () => {
  for (const wire of ["current", "older"] as const) {
    test(`gets frame by frame what it gets of somebody offline, on the ${wire} wire`, async (t) => {
      const world = await startWorld(t);
      const blocked = await callSomebody(world, world.blocker, wire);
      assert.ok(
        blocked.some((text) => text.includes('"reject"')),
        blocked.join("\n"),
      );
      assert.deepEqual(blocked, await callSomebody(world, world.absent, wire));
    });
  }

  test("finds the same in its history, in the profile, in its contacts and in what is stored of the calls", async (t) => {
    const world = await startWorld(t);
    const { server, ann } = world;
    for (const callee of [world.blocker, world.absent]) await callSomebody(world, callee, "current");
    const calls = await historyOnce(server, ann.phone, (all) => all.length === 4);
    const [ofBlocker, ofAbsent] = [world.blocker, world.absent].map((callee) => {
      const own = calls.filter((call) => call.callee === callee);
      assert.equal(own.length, 2);
      return masked(JSON.stringify(own), callee);
    });
    assert.equal(ofBlocker, ofAbsent);
    for (const path of ["/api/users/:who", "/api/stats/:me/calls/:call"]) {
      const bodies = [world.blocker, world.absent].map(async (callee) => {
        const callId = calls.find((call) => call.callee === callee)?.callId;
        const filled = path.replace(":who", callee).replace(":me", ann.phone).replace(":call", callId);
        const { status, body } = await ask(server, `GET ${filled}`, { token: ann.token });
        const { requestId: _, ...rest } = body;
        return `${status} ${masked(JSON.stringify(rest), callee)}`;
      });
      const [first, second] = await Promise.all(bodies);
      assert.equal(first, second, path);
    }
    const { body } = await ask(server, `GET /api/users/${ann.phone}/contacts`, { token: ann.token });
    const [first, second] = [world.blocker, world.absent].map((callee) => {
      const contact = body.contacts.find(({ phone }: { phone: string }) => phone === callee);
      return masked(JSON.stringify(contact), callee);
    });
    assert.equal(first, second);
    assert.ok(first?.includes('"online":false'), first);
    // The one who blocks hears of none of it.
    const own = await ask(server, `GET /api/calls/${world.blocker}?limit=${limits.historyPage}`);
    assert.ok(own.status === 401 || own.body.calls.length === 0, JSON.stringify(own.body));
  });

  test("waits as long as for somebody offline: the distributions are printed", async (t) => {
    const world = await startWorld(t);
    await timeOffers(world, 20);
    const { blocker, absent } = await timeOffers(world, 200);
    t.diagnostic(`from the offer to "unreachable", blocked: ${describeTimes(blocker)}`);
    t.diagnostic(`from the offer to "unreachable", offline: ${describeTimes(absent)}`);
    assert.deepEqual(world.server.faults(), []);
  });
});
