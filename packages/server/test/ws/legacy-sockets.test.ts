import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, tokenOf } from "../e2e/ask.ts";
import { offer, somebody } from "./talk.ts";

/** 1006 at the client: the connection ended without a close frame. */
const cut = 1006;

describe("a session that names no protocol is cut, never closed", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_JOIN_MS: "500" } });
  });
  after(() => server.stop());

  test("when its number joins again; the late death of the first does not touch the second", async () => {
    const number = somebody();
    const first = await legacy(number);
    const second = await legacy(number);
    assert.equal((await first.closed()).code, cut);
    const caller = await legacy(somebody());
    caller.send({ type: "offer", to: number, sdp: offer.sdp });
    await second.next("offer");
  });

  test("when it floods, and it still hears why", async () => {
    const peer = await legacy(somebody());
    for (let i = 0; i < 400; i += 1) peer.send({ type: "getUsers" });
    assert.equal((await peer.next("error")).code, "flooding");
    assert.equal((await peer.closed()).code, cut);
  });

  test("when it joins and leaves and does not join again in time", async () => {
    const peer = await legacy(somebody());
    peer.send({ type: "leave" });
    assert.equal((await peer.next("error")).code, "join_timeout");
    assert.equal((await peer.closed()).code, cut);
  });

  test("when its token is revoked, after the end of its call", async () => {
    const [number, other] = [somebody(), somebody()];
    const token = await tokenOf(server, number);
    const peer = await RawPeer.connect(server.wsUrl);
    await peer.join(number, { token });
    const callee = await legacy(other);
    peer.send({ type: "offer", to: other, sdp: offer.sdp });
    const { callId } = await callee.next("offer");
    callee.send({ type: "answer", callId, sdp: offer.sdp });
    await peer.next("answer");
    await ask(server, "POST /api/auth/logout", { token });
    assert.equal((await peer.next("hangup")).reason, "admin_ended");
    assert.equal((await callee.next("hangup")).reason, "admin_ended");
    assert.equal((await peer.closed()).code, cut);
  });

  test("when the server stops, after the word that it does", async () => {
    const peer = await legacy(somebody());
    const stopping = server.kill("SIGTERM");
    await peer.next("goaway");
    assert.equal((await peer.closed()).code, cut);
    assert.equal((await stopping).code, 0);
    assert.deepEqual(server.faults(), []);
  });

  async function legacy(number: string): Promise<RawPeer> {
    const peer = await RawPeer.connect(server.wsUrl);
    await peer.join(number);
    return peer;
  }
});
