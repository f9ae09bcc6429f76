import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { clientMessages } from "@echoo/protocol";
import { fakeOffer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import fc from "fast-check";
import { anyHostileValue, hostileKeys } from "./hostile-values.ts";
import { witnessCall } from "./witness-call.ts";

type Fields = Readonly<Record<string, unknown>>;

const { sdp, candidates } = fakeOffer(99);
const [candidate] = candidates(1);
/** What makes a proper message of each kind; `join` and `authenticate` may end the socket, `leave` does not. */
const proper: Readonly<Record<string, Fields>> = {
  join: { userId: "6663000001", protocol: 2, deviceId: "d" },
  offer: { to: "6663000002", sdp, isVideoCall: true, neg: 1 },
  answer: { to: "6663000002", sdp, neg: 1 },
  candidate: { to: "6663000002", candidate },
  reject: { to: "6663000002", reason: "declined" },
  hangup: { to: "6663000002" },
  mediaState: { audio: true, video: false },
  chat: { to: "6663000002", message: "hello" },
  emoji: { to: "6663000002", emoji: "👋" },
  stats: { samples: [{ t: 1_700_000_000_000, rttMs: 30, lossPercent: 0 }] },
  callStats: { duration: 10, samples: [{ timestamp: 1, rttMs: 30 }] },
  watch: { users: ["6663000002"] },
  unwatch: { users: ["6663000002"] },
  checkUser: { userId: "6663000002" },
  ping: { seq: 0 },
};

/** A message of some type, of which some fields are missing, replaced or new; written as text, for odd keys' sake. */
const mutatedMessage = (callId: string) =>
  fc
    .record({
      type: fc.constantFrom(...Object.keys(clientMessages).filter((type) => type !== "authenticate")),
      dropped: fc.array(fc.nat(8), { maxLength: 2 }),
      replaced: fc.array(fc.tuple(fc.nat(8), anyHostileValue), { maxLength: 2 }),
      added: fc.array(fc.tuple(fc.constantFrom(...hostileKeys, "from", "id", "n", "callId"), anyHostileValue), {
        maxLength: 2,
      }),
    })
    .map(({ type, dropped, replaced, added }) => {
      const fields = Object.entries({ callId, ...proper[type] });
      const kept = fields.filter((_, i) => !dropped.includes(i));
      const changed = kept.map(([key, value], i) => [key, replaced.find(([at]) => at === i)?.[1] ?? value] as const);
      const all = [["type", type] as const, ...changed, ...added];
      return `{${all.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
    });

/** Resolves when all before was handled. A pong would not do: the messages may hold pings of their own. */
async function handledAll(peer: RawPeer): Promise<void> {
  const id = randomUUID();
  peer.send({ type: "ping", id });
  // After a `leave` the ping is refused, and that comes in order as well.
  await peer.reply(id);
}

describe("random messages on a joined socket", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
  });
  after(() => server.stop());

  /** Sends all of it; the server must answer, without an internal error, and keep or properly close the socket. */
  async function survives(texts: readonly string[], join: object) {
    const peer = await RawPeer.connect(server.wsUrl, { name: "eve" });
    try {
      await peer.join("6663000001", join);
      for (const text of texts) peer.send(text);
      const closed = peer.closed().then(({ code }) => code);
      const settled = handledAll(peer).then(() => undefined);
      const code = await Promise.race([settled, closed]).catch((error: Error) => {
        if (!/socket closed/.test(error.message)) throw error;
        return closed;
      });
      // A mutated join may be refused and leave may say goodbye; nothing else ends the socket.
      if (code !== undefined)
        assert.ok(
          texts.some((text) => /"type":"(join|leave)"/.test(text)),
          `closed with ${code}`,
        );
      for (const text of peer.receivedTexts) assert.doesNotMatch(text, /"code":"internal"/);
    } finally {
      peer.terminate();
    }
  }

  test("any JSON values are refused without harm", async () => {
    const texts = fc.array(fc.oneof(fc.json({ maxDepth: 6 }), fc.string({ unit: "binary" })), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(texts, (all) => survives(all, { protocol: 2 })),
      { numRuns: 60 },
    );
    await witnessCall(server);
  });

  for (const [session, join] of [
    ["current", { protocol: 2, deviceId: "d" }],
    ["legacy", {}],
  ] as const) {
    test(`mutations of proper messages of a ${session} session do no harm`, async () => {
      const texts = fc.array(mutatedMessage(randomUUID()), { minLength: 1, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(texts, (all) => survives(all, join)),
        { numRuns: 100 },
      );
      await witnessCall(server);
    });
  }

  test("mutations from within a call neither disturb the peer's protocol nor the server", async (t) => {
    const bob = await RawPeer.connect(server.wsUrl, { name: "bob", test: t });
    await bob.join("6663000002", { protocol: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(mutatedMessage("CALL"), { minLength: 1, maxLength: 20 }), async (texts) => {
        const eve = await RawPeer.connect(server.wsUrl, { name: "eve", transcript: bob.transcript() });
        try {
          await eve.join("6663000001", { protocol: 2, deviceId: "d" });
          const callId = randomUUID();
          eve.send({ type: "offer", to: "6663000002", sdp, callId, neg: 1, supersede: true });
          await bob.next("offer", (offer) => offer.callId === callId);
          bob.send({ type: "answer", callId, sdp, neg: 1 });
          await eve.next("answer", (answer) => answer.callId === callId);
          for (const text of texts) eve.send(text.replaceAll('"CALL"', JSON.stringify(callId)));
          await handledAll(eve).catch((error: Error) => assert.match(error.message, /socket closed/));
          // Whatever came through to bob was a message of the protocol: his inbox checks each.
          await bob.settle();
          bob.send({ type: "hangup", callId, id: callId });
          await bob.settle();
        } finally {
          eve.terminate();
        }
      }),
      { numRuns: 60 },
    );
    await witnessCall(server);
  });

  test("after all of it the process has nothing to complain of", () => {
    assert.deepEqual(server.faults(), []);
  });
});
