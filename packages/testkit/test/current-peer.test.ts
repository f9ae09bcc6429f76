import assert from "node:assert/strict";
import { test } from "node:test";
import { CurrentPeer } from "../src/peers/current-peer.ts";
import { joined, messageServer } from "./message-server.ts";

interface Said {
  readonly type: string;
  readonly n?: number;
  readonly seq?: number;
  readonly resume?: { session: string; seq: number };
}

/** A server that handles messages only up to the second, and replays whatever comes after a client's `seq`. */
function forgetful(said: Said[]) {
  return (text: string, socket: { send(text: string): void }) => {
    const message = JSON.parse(text) as Said;
    said.push(message);
    const say = (value: object) => socket.send(JSON.stringify(value));
    if (message.type === "ping") say({ type: "pong", time: 0, n: 2 });
    if (message.type !== "join") return;
    say(joined("5550001", { resumed: message.resume !== undefined, n: message.resume ? 2 : 0 }));
    const ends = [
      { type: "peerBack", callId: "c", seq: 1 },
      { type: "peerBack", callId: "c", seq: 2 },
    ];
    for (const end of ends) if (end.seq > (message.resume?.seq ?? 0)) say(end);
  };
}

test("a current peer numbers its messages and sends again after a resume what was not handled", async (t) => {
  const said: Said[] = [];
  const { url } = await messageServer(t, forgetful(said));
  const peer = await CurrentPeer.connect(url, { userId: "5550001", deviceId: "d1", test: t });
  await peer.next("peerBack", ({ seq }) => seq === 2);
  for (let i = 0; i < 3; i++) peer.send({ type: "getUsers" });
  await peer.settle();
  peer.terminate();
  const again = await peer.resume();
  await peer.settle();
  assert.equal(again.resumed, true);
  assert.deepEqual(
    said.map(({ type, n }) => `${type} ${n ?? "-"}`),
    ["join -", "getUsers 1", "getUsers 2", "getUsers 3", "ping -", "join -", "getUsers 3", "ping -"],
  );
  assert.deepEqual(said.find(({ resume }) => resume !== undefined)?.resume, { session: "s1", seq: 2 });
  assert.deepEqual(peer.receivedSeqs, []);
});

test("a current peer confirms the highest number that it got", async (t) => {
  const said: Said[] = [];
  const { url } = await messageServer(t, forgetful(said));
  const peer = await CurrentPeer.connect(url, { userId: "5550001", test: t });
  await peer.next("peerBack", ({ seq }) => seq === 2);
  assert.deepEqual(peer.receivedSeqs, [1, 2]);
  await peer.confirm();
  assert.equal(said.find(({ type }) => type === "ping")?.seq, 2);
});
