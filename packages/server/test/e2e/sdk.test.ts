import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { EchooRest } from "@echoo/client";
import { FakeNetwork } from "@echoo/client/fake";
import { FakeClock, type ServerProcess, spawnServer, TcpProxy } from "@echoo/testkit";
import { inState, next, SdkPerson } from "./sdk-person.ts";

const timeout = 60_000;

describe("the SDK against the real server", { timeout }, () => {
  let server: ServerProcess;
  let lastNumber = 5_550_000;

  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  /** Two people who are online, each through a proxy that can break. */
  async function twoPeople(test: TestContext) {
    const clock = new FakeClock();
    const network = new FakeNetwork(clock);
    const [annProxy, bobProxy] = [await TcpProxy.start(server.port), await TcpProxy.start(server.port)];
    test.after(async () => {
      await annProxy.close();
      await bobProxy.close();
    });
    lastNumber += 2;
    const [annNumber, bobNumber] = [String(lastNumber), String(lastNumber + 1)];
    const shared = (proxy: TcpProxy) => ({ url: `ws://127.0.0.1:${proxy.port}/ws`, clock, network, test });
    const ann = await new SdkPerson(annNumber, shared(annProxy)).online();
    const bob = await new SdkPerson(bobNumber, shared(bobProxy)).online();
    return { clock, network, ann, bob, annNumber, bobNumber, annProxy, bobProxy };
  }

  async function talking(test: TestContext, options = { video: false }) {
    const userFacts = await twoPeople(test);
    const { ann, bob, bobNumber } = userFacts;
    const rings = bob.incoming();
    const annCall = await ann.client.call(bobNumber, options);
    const bobCall = await rings;
    await bobCall.answer();
    await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
    return { ...userFacts, annCall, bobCall };
  }

  it("rings, connects, chats, measures and hangs up, and both histories have it", async (test) => {
    const { ann, bob, annNumber, bobNumber, clock } = await twoPeople(test);
    const rings = bob.incoming();
    const annCall = await ann.client.call(bobNumber, { video: true });
    const bobCall = await rings;
    await inState(annCall, "ringing");
    assert.deepEqual([bobCall.peer, bobCall.isVideo, bobCall.id], [annNumber, true, annCall.id]);
    await bobCall.answer();
    await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
    const heard = next(bobCall, "chat");
    annCall.sendChat("hello");
    assert.deepEqual(await heard, { from: annNumber, message: "hello", atMs: clock.now() });
    const measured = Promise.all([next(annCall, "quality"), next(bobCall, "quality")]);
    for (let sample = 0; sample < 6; sample += 1) {
      const taken = Promise.all([next(annCall, "sample"), next(bobCall, "sample")]);
      clock.advance(2_000);
      await taken;
    }
    await measured;
    const ended = inState(bobCall, "ended");
    annCall.hangUp();
    await ended;
    assert.deepEqual([annCall.endReason, bobCall.endReason, bobCall.endedBy], ["hangup", "hangup", "peer"]);
    for (const phone of [annNumber, bobNumber]) {
      const call = await recorded(phone, annCall.id);
      assert.deepEqual([call.endReason, call.status, call.isVideo], ["hangup", "completed", true]);
    }
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });

  /** A record is written behind the messages. */
  async function recorded(phone: string, callId: string) {
    const rest = new EchooRest({ baseUrl: server.url });
    const read = async () =>
      (await rest.listCalls({ params: { phone } })).calls.filter((call) => call.callId === callId);
    const [found] = await server.stored(read, (calls) => calls.length > 0);
    assert.ok(found !== undefined);
    return found;
  }

  it("declines, cancels and finds the other one busy, each with its reason at both ends", async (test) => {
    const { ann, bob, annNumber, bobNumber } = await twoPeople(test);
    const first = bob.incoming();
    const declined = await ann.client.call(bobNumber, { video: false });
    const told = inState(declined, "ended");
    (await first).decline();
    await told;
    assert.deepEqual([declined.endReason, declined.endedBy], ["declined", "peer"]);

    const second = bob.incoming();
    const cancelled = await ann.client.call(bobNumber, { video: false });
    const ring = await second;
    const stopped = inState(ring, "ended");
    cancelled.hangUp();
    await stopped;
    assert.deepEqual([ring.endReason, ring.endedBy], ["cancelled", "peer"]);

    await assert.rejects(ann.client.call(annNumber, { video: false }), { code: "self_call" });
    const nobody = await ann.client.call("5559999999", { video: false });
    await inState(nobody, "ended");
    assert.equal(nobody.endReason, "unreachable");
  });

  it("is told that it has a call already, and may supersede it", async (test) => {
    const { ann, bob, bobNumber, annCall, bobCall, annNumber } = await talking(test);
    await assert.rejects(ann.client.call("5559999998", { video: false }), { code: "already_in_call" });
    assert.equal(annCall.state, "connected");
    const ended = inState(bobCall, "ended");
    const rings = bob.incoming();
    const again = await ann.client.call(bobNumber, { video: false, supersede: true });
    await ended;
    assert.deepEqual([annCall.endReason, bobCall.endReason], ["superseded", "superseded"]);
    const ring = await rings;
    assert.deepEqual([ring.id, ring.peer], [again.id, annNumber]);
  });

  it("makes one call of two people who dial each other", async (test) => {
    const { ann, bob, annNumber, bobNumber } = await twoPeople(test);
    const [annCall, bobCall] = await Promise.all([
      ann.client.call(bobNumber, { video: false }),
      bob.client.call(annNumber, { video: false }),
    ]);
    await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
    assert.equal(annCall.id, bobCall.id);
    assert.deepEqual([ann.client.calls.length, bob.client.calls.length], [1, 1]);
    const ended = inState(bobCall, "ended");
    annCall.hangUp();
    await ended;
    assert.equal((await recorded(annNumber, annCall.id)).endReason, "hangup");
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });

  it("adds a camera, and shares a screen in its place", async (test) => {
    const { annCall, bobCall } = await talking(test);
    const seen = next(bobCall, "media");
    await annCall.setVideo(true);
    await seen;
    while (bobCall.remoteStream?.getVideoTracks().length !== 1) await next(bobCall, "media");
    await annCall.shareScreen(true);
    while (!bobCall.peerMedia.screen) await next(bobCall, "media");
    assert.deepEqual(bobCall.peerMedia, { audio: true, video: true, screen: true });
  });

  it("resumes after its connection broke: the peer sees it go and come back, and nothing is lost or doubled", async (test) => {
    const { ann, annCall, bobCall, annProxy } = await talking(test);
    const heard: string[] = [];
    bobCall.on("chat", ({ message }) => heard.push(message));
    const lost = inState(bobCall, "reconnecting");
    annCall.sendChat("before");
    annProxy.cut();
    await Promise.all([lost, inState(annCall, "reconnecting")]);
    annCall.sendChat("while away");
    const session = ann.client.session;
    await ann.reconnected();
    assert.equal(ann.client.session, session);
    await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
    annCall.sendChat("after");
    while (!heard.includes("after")) await next(bobCall, "chat");
    assert.deepEqual(heard.slice(-2), ["while away", "after"]);
    assert.equal(new Set(heard).size, heard.length);
  });

  it("restarts ICE once both are back", async (test) => {
    const { ann, annCall, bobCall, annProxy, network } = await talking(test);
    annProxy.cut();
    await inState(annCall, "reconnecting");
    network.cut();
    network.heal();
    await ann.reconnected();
    await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
    assert.equal(ann.media.connections.length, 1);
  });

  it("replaces a link that died without a word, before the server gives the call up", async (test) => {
    const { ann, annCall, bobCall, annProxy, clock } = await talking(test);
    const sockets = annProxy.connections;
    annProxy.blackHole();
    const lost = inState(annCall, "reconnecting");
    clock.advance(25_000);
    await lost;
    annProxy.heal();
    const { session } = ann.client;
    await ann.reconnected();
    await inState(annCall, "connected");
    assert.equal(ann.client.session, session);
    assert(annProxy.connections <= sockets + 1);
    const heard = next(bobCall, "chat");
    annCall.sendChat("still here");
    await heard;
  });

  it("rings on every device of a person, and stops on the others when one answers or declines", async (test) => {
    const { ann, bob, bobNumber, clock, network } = await twoPeople(test);
    const tablet = await new SdkPerson(bobNumber, { url: `${server.wsUrl}ws`, clock, network, test }).online();
    for (const [act, elsewhere, reason] of [
      ["answer", "answered_elsewhere", "hangup"],
      ["decline", "declined_elsewhere", "declined"],
    ] as const) {
      const rings = Promise.all([bob.incoming(), tablet.incoming()]);
      const annCall = await ann.client.call(bobNumber, { video: false });
      const [onPhone, onTablet] = await rings;
      const stopped = inState(onTablet, "ended");
      await onPhone[act]();
      await stopped;
      assert.deepEqual([onTablet.endReason, onTablet.endedBy], [elsewhere, "you"]);
      if (act === "answer") {
        await Promise.all([inState(annCall, "connected"), inState(onPhone, "connected")]);
        annCall.hangUp();
      }
      await Promise.all([inState(annCall, "ended"), inState(onPhone, "ended")]);
      assert.equal(annCall.endReason, reason);
      const whose = [annCall.endedBy, onPhone.endedBy];
      assert.deepEqual(whose, act === "answer" ? ["you", "peer"] : ["peer", "you"]);
    }
  });

  it("sees who is there, and who is not any more", async (test) => {
    const { ann, bob, bobNumber } = await twoPeople(test);
    const seen: boolean[] = [];
    const changes = new Promise<void>((resolve) => {
      ann.client.on("presence", (users) => {
        seen.push(...users.filter(({ userId }) => userId === bobNumber).map(({ online }) => online));
        if (seen.includes(true) && seen.at(-1) === false) resolve();
      });
    });
    ann.client.watch([bobNumber]);
    assert.deepEqual(await ann.client.checkUser(bobNumber), { userId: bobNumber, online: true, registered: true });
    await bob.client.leave();
    await changes;
    assert.deepEqual(seen, [true, false]);
  });

  it("keeps a call over a restart and over a crash of the server", async (test) => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const { ann, bob, annCall, bobCall } = await talking(test);
      const lost = Promise.all([ann.status("connecting"), bob.status("connecting")]);
      await server.restart(signal);
      await lost;
      await Promise.all([ann.reconnected(), bob.reconnected()]);
      await Promise.all([inState(annCall, "connected"), inState(bobCall, "connected")]);
      const heard = next(bobCall, "chat");
      annCall.sendChat("still here");
      await heard;
      const ended = inState(bobCall, "ended");
      annCall.hangUp();
      await ended;
      assert.equal(bobCall.endReason, "hangup", signal);
    }
    assert.deepEqual(server.faults(), []);
  });
});
