import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PresenceEntry } from "@echoo/protocol";
import { Bench, settled } from "./bench.ts";

describe("the directory", () => {
  it("tells presence as the server does", () => {
    const bench = new Bench().online();
    const seen: PresenceEntry[] = [];
    bench.client.on("presence", (users) => seen.push(...users));
    bench.client.watch(["bob"]);
    bench.socket.say({ type: "presence", users: [{ userId: "bob", online: true, inCall: false }] });
    assert.deepEqual(seen, [{ userId: "bob", online: true, inCall: false }]);
  });

  it("watches 200 users and refuses one more, and none twice", () => {
    const bench = new Bench().online();
    bench.client.watch(Array.from({ length: 200 }, (_, at) => `user${at}`));
    bench.client.watch(["user7"]);
    assert.equal(bench.socket.types().filter((type) => type === "watch").length, 1);
    assert.throws(() => bench.client.watch(["one-more"]), { code: "invalid" });
    bench.client.unwatch(["user7"]);
    bench.client.watch(["one-more"]);
    assert.deepEqual(bench.socket.last("watch").users, ["one-more"]);
  });

  it("answers two questions about one user with one reply", async () => {
    const bench = new Bench().online();
    const both = Promise.all([bench.client.checkUser("bob"), bench.client.checkUser("bob")]);
    bench.socket.say({ type: "userStatus", userId: "bob", online: false, registered: true });
    const [first, second] = await both;
    assert.deepEqual(first, { userId: "bob", online: false, registered: true });
    assert.deepEqual(second, first);
  });

  it("gives a question up after 5 s, when the link is down, and when the client closes", async () => {
    const bench = new Bench();
    await assert.rejects(bench.client.checkUser("bob"), { code: "offline" });
    bench.online();
    const late = assert.rejects(bench.client.checkUser("bob"), { code: "timeout" });
    bench.clock.advance(5_000);
    await late;
    const closed = assert.rejects(bench.client.checkUser("cid"), { code: "offline" });
    bench.client.dispose();
    await closed;
    assert.equal(bench.clock.pendingTimers, 0);
  });

  it("lists users when asked and when the server thinks so", () => {
    const bench = new Bench().online();
    const lists: (readonly string[])[] = [];
    bench.client.on("users", (users) => lists.push(users));
    bench.client.getUsers();
    assert.equal(bench.socket.types().at(-1), "getUsers");
    bench.socket.say({ type: "userList", users: ["bob"] });
    assert.deepEqual(lists, [["bob"]]);
  });
});

describe("a token", () => {
  it("is renewed in place when it expires, and used for later joins", async () => {
    const bench = new Bench({ token: "old" }).online();
    const warned: number[] = [];
    bench.client.on("tokenExpiring", ({ inMs }) => warned.push(inMs));
    bench.socket.say({ type: "tokenExpiring", inMs: 60_000 });
    const renewed = bench.client.authenticate("new");
    assert.equal(bench.socket.last("authenticate").authToken, "new");
    bench.socket.say({ type: "authenticated", userId: "ann" });
    await renewed;
    bench.socket.drop(1006);
    bench.clock.advance(200);
    bench.socket.open();
    assert.equal(bench.socket.last("join").token, "new");
    assert.deepEqual(warned, [60_000]);
  });

  it("that is refused says so", async () => {
    const bench = new Bench().online();
    const renewed = assert.rejects(bench.client.authenticate("bad"), { code: "unauthorized", message: "No." });
    bench.socket.say({ type: "authError", message: "No." });
    await renewed;
  });
});

describe("TURN credentials", () => {
  const relay = (expiresAtMs: number) => ({
    urls: ["turn:turn.test:3478"],
    username: `${Math.floor(expiresAtMs / 1000)}:ann`,
    credential: "old",
  });

  async function callWith(bench: Bench): Promise<RTCConfiguration | undefined> {
    void bench.client.call("bob", { video: false });
    await settled();
    return bench.media.connections[0]?.configurations[0];
  }

  it("of the join are used while they are good, after one's own servers", async () => {
    const bench = new Bench({ iceServers: [{ urls: ["stun:own.test"] }], iceTransportPolicy: "relay" });
    // By this machine's clock they are long expired.
    const time = 1_000_000_000_000;
    bench.online({ time, iceServers: [relay(time + 3_600_000)] });
    assert.deepEqual(await callWith(bench), {
      iceServers: [{ urls: ["stun:own.test"] }, relay(time + 3_600_000)],
      iceTransportPolicy: "relay",
    });
    assert.equal(bench.socket.types().includes("getTurnCredentials"), false);
  });

  it("that are about to expire, by the server's clock, are renewed before a call uses them", async () => {
    const bench = new Bench();
    const time = 1_000_000_000_000;
    bench.online({ time, iceServers: [{ urls: ["stun:turn.test"] }, relay(time + 60_000)] });
    assert.equal(await callWith(bench), undefined);
    assert.equal(bench.socket.types().at(-1), "getTurnCredentials");
    const fresh = { username: `${time / 1000 + 3600}:ann`, password: "new", ttl: 3600, uris: ["turn:turn.test:3478"] };
    bench.socket.say({ type: "turnCredentials", ...fresh });
    await settled();
    assert.deepEqual(bench.media.connections[0]?.configurations[0]?.iceServers, [
      { urls: ["stun:turn.test"] },
      { urls: fresh.uris, username: fresh.username, credential: "new" },
    ]);
  });

  it("that cannot be renewed are used all the same", async () => {
    const bench = new Bench();
    const time = 1_000_000_000_000;
    bench.online({ time, iceServers: [relay(time)] });
    await callWith(bench);
    bench.clock.advance(5_000);
    await settled();
    assert.equal(bench.media.connections.length, 1);
  });
});
