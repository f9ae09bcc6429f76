import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { limits } from "@echoo/protocol";
import { WebSocket } from "ws";

/*
 * Two accounts that belong together, in a process of its own: each has as many sockets as a user may have, one of them
 * rings the other, nobody answers, and all of them send candidates as fast as they are read. As "stray" they send the same
 * candidates for a call that there is not.
 */

const [url = "", ms = "0", kind = "ringing"] = process.argv.slice(2);
const isStray = kind === "stray";
const untilMs = performance.now() + Number(ms);
const ringMs = 3_000;
const [caller, callee] = ["6660000001", "6660000002"];
const socketsEach = 32;
/** Some of everything that a list prefers over what it has. */
const kinds = ["host", "prflx", "srflx", "relay"];
let [sent, closed, rings] = [0, 0, 0];
let callId = isStray ? randomUUID() : "";

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

function candidate(): object {
  sent += 1;
  const text = `candidate:${sent} 1 udp 2122260223 10.1.2.3 5${sent % 1_000} typ ${kinds[Math.floor(sent / 500) % 4]}`;
  return { candidate: text.padEnd(limits.candidateChars, " x"), sdpMid: "0", sdpMLineIndex: 0 };
}

/** Joined, again and again, until the time is up; tells of each time. */
async function flood(userId: string, isRinging: boolean, onJoined = () => {}): Promise<void> {
  while (performance.now() < untilMs) {
    const socket = new WebSocket(url);
    const over = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.once("open", () => send(socket, { type: "join", userId, protocol: 2 }));
    socket.on("message", (data) => {
      // Nothing is read on purpose but this: what the server says else is of no interest here.
      if (!String(data).startsWith('{"type":"joined"')) return;
      onJoined();
      void pour(socket, isRinging);
    });
    await over;
    if (performance.now() < untilMs) closed += 1;
  }
}

async function pour(socket: WebSocket, isRinging: boolean): Promise<void> {
  let rungAtMs = Number.NEGATIVE_INFINITY;
  while (socket.readyState === WebSocket.OPEN && performance.now() < untilMs) {
    if (isRinging && performance.now() - rungAtMs > ringMs) {
      rungAtMs = performance.now();
      rings += 1;
      callId = randomUUID();
      send(socket, { type: "offer", to: callee, callId, sdp: "v=0", supersede: true });
    }
    for (let n = 0; n < 20 && socket.bufferedAmount < 128 * 1024 && callId !== ""; n += 1) {
      send(socket, { type: "candidate", callId, candidate: candidate() });
    }
    await setTimeout(20);
  }
  socket.terminate();
}

const callees: Promise<void>[] = [];
const joined = Array.from({ length: socketsEach }, () => {
  return new Promise<void>((resolve) => void callees.push(flood(callee, false, resolve)));
});
await Promise.race([Promise.all(joined), Promise.all(callees)]);
const callers = Array.from({ length: socketsEach }, (_, n) => flood(caller, n === 0 && !isStray));
await Promise.all([...callees, ...callers]);
process.send?.({ sent, closed, rings });
process.disconnect();
