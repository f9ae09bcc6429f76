import assert from "node:assert/strict";
import { test } from "node:test";
import { RawPeer } from "../src/peers/raw-peer.ts";
import { Transcript } from "../src/peers/transcript.ts";
import { joined, messageServer, politely } from "./message-server.ts";

const userList = (...users: string[]) => JSON.stringify({ type: "userList", users });

test("a peer joins, and takes messages by type whatever their order", async (t) => {
  const { url } = await messageServer(t, (text, socket) => {
    politely(text, socket);
    if (!text.includes("getUsers")) return;
    socket.send(userList("a"));
    socket.send(JSON.stringify({ type: "userStatus", userId: "b", online: true, registered: true }));
    socket.send(userList("c"));
  });
  const peer = await RawPeer.connect(url, { test: t });
  assert.equal((await peer.join("5550001")).userId, "5550001");
  peer.send({ type: "getUsers" });
  assert.equal((await peer.next("userStatus")).online, true);
  assert.deepEqual((await peer.next("userList", ({ users }) => users.includes("c"))).users, ["c"]);
  assert.deepEqual((await peer.next("userList")).users, ["a"]);
});

test("a message that does not come fails with the transcript of both sides", async (t) => {
  const { url } = await messageServer(t, politely);
  const transcript = new Transcript();
  const ann = await RawPeer.connect(url, { name: "ann", transcript, deadlineMs: 50, test: t });
  const bob = await RawPeer.connect(url, { name: "bob", transcript, test: t });
  await bob.join("5550002");
  await assert.rejects(ann.next("answer"), (error: Error) => {
    assert.match(error.message, /ann waited 50 ms for "answer"/);
    assert.match(error.message, /bob > join .*5550002/);
    assert.match(error.message, /bob < joined .*5550002/);
    return true;
  });
});

test("waiting ends at once when the socket closes, and tells why", async (t) => {
  const { url } = await messageServer(t, (_, socket) => socket.close(4401, "no token"));
  const peer = await RawPeer.connect(url, { test: t });
  await assert.rejects(peer.join("5550001"), /waited for "joined", but the socket closed with 4401/);
  assert.deepEqual(await peer.closed(), { code: 4401, reason: "no token" });
});

test("a refused join fails with what the server said", async (t) => {
  const refusal = { type: "error", code: "unauthorized", message: "A valid token is needed." };
  const { url } = await messageServer(t, (_, socket) => socket.send(JSON.stringify(refusal)));
  const peer = await RawPeer.connect(url, { name: "eve", test: t });
  await assert.rejects(peer.join("5550001"), /eve may not join[\s\S]*unauthorized/);
});

test("a message that breaks the protocol fails the waiting test", async (t) => {
  const { url } = await messageServer(t, (_, socket) => socket.send('{"type":"userList","users":[null]}'));
  const peer = await RawPeer.connect(url, { test: t });
  await assert.rejects(peer.join("5550001"), /the server broke the protocol/);
});

test("expecting none waits for the server's pong, not for a time, and fails on what came before it", async (t) => {
  const { url } = await messageServer(t, (text, socket) => {
    if (text.includes("getUsers")) socket.send(userList());
    politely(text, socket);
  });
  const peer = await RawPeer.connect(url, { test: t });
  await peer.join("5550001");
  await peer.expectNone("userList");
  peer.send({ type: "getUsers" });
  await assert.rejects(peer.expectNone("userList"), /got a "userList" that nobody should get/);
  await peer.expectNone("userList", ({ users }) => users.includes("x"));
});

test("a settled peer leaves no pong behind, and a test's own ping keeps its own", async (t) => {
  let pongs = 0;
  const { url } = await messageServer(t, (text, socket) => {
    if (text.includes("ping")) socket.send(JSON.stringify({ type: "pong", time: pongs++ }));
    else politely(text, socket);
  });
  const peer = await RawPeer.connect(url, { test: t });
  await peer.settle();
  await peer.join("5550001");
  peer.send({ type: "ping" });
  await peer.settle();
  assert.equal((await peer.next("pong")).time, 0);
  await peer.expectNone("pong");
  assert.equal(pongs, 3);
});

test("a refused upgrade rejects with its status", async (t) => {
  const { url, server } = await messageServer(t, () => {});
  server.shouldHandle = () => false;
  await assert.rejects(RawPeer.connect(url), /400/);
});

test("a cut connection shows as 1006 on the other side", async (t) => {
  const { url, server } = await messageServer(t, politely);
  const closed = new Promise<number>((resolve) => {
    server.once("connection", (socket) => socket.once("close", resolve));
  });
  const peer = await RawPeer.connect(url, { test: t });
  peer.terminate();
  assert.equal(await closed, 1006);
  assert.equal((await peer.closed()).code, 1006);
});

test("a transcript shortens what nobody can read", () => {
  const transcript = new Transcript();
  transcript.add("ann", "sent", { type: "offer", sdp: "v".repeat(4_400) });
  assert.match(transcript.toString(), /ann > offer {"sdp":"v{48}… \(4400 chars\)"}$/);
  assert.ok(String(transcript).length < 200);
});

test("texts are kept as they came", async (t) => {
  const odd = `{ "type":"joined", ${JSON.stringify(joined("5550001")).slice(1, -1)}, "extra": 1.0 }`;
  const { url } = await messageServer(t, (_, socket) => socket.send(odd));
  const peer = await RawPeer.connect(url, { test: t });
  await peer.join("5550001");
  assert.deepEqual(peer.receivedTexts, [odd]);
});

test("the reply to a message is its ack or its error, whichever comes", async (t) => {
  const { url } = await messageServer(t, (text, socket) => {
    const { id } = JSON.parse(text) as { id: string };
    socket.send(JSON.stringify({ type: "ack", id: "other" }));
    const refusal = { type: "error", code: "invalid", message: "The request is not valid.", id };
    socket.send(JSON.stringify(id === "bad" ? refusal : { type: "ack", id }));
  });
  const peer = await RawPeer.connect(url, { test: t });
  for (const [id, type] of [
    ["bad", "error"],
    ["good", "ack"],
  ] as const) {
    peer.send({ type: "leave", id });
    assert.equal((await peer.reply(id)).type, type);
  }
});

test("a peer that settled many times may be cut without a wait for each of them", async (t) => {
  const { url } = await messageServer(t, politely);
  const peer = await RawPeer.connect(url, { test: t });
  await peer.join("5550001");
  for (let i = 0; i < 100; i++) await peer.settle();
  const explain = t.mock.method(peer, "failure");
  peer.terminate();
  await peer.closed();
  await assert.rejects(peer.settle(), /closed/);
  assert.ok(explain.mock.callCount() <= 1, `${explain.mock.callCount()} explanations`);
});
