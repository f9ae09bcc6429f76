import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CurrentPeer, ServerProcess } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { storedFiles } from "../slow/canaries.ts";
import { talk } from "../ws/talk.ts";
import { ask, historyOnce, tokenOf } from "./ask.ts";

export const ann = "15556660001";

interface Scene {
  readonly a: CurrentPeer;
  readonly b: CurrentPeer;
  readonly callId: string;
  readonly token: string;
  readonly others: string;
}

/** Ann in a call, with all that there may be of her: on both sides, stored, queued and in the journal. */
export async function muchOfAnn(server: ServerProcess): Promise<Scene> {
  const token = await tokenOf(server, ann);
  const { a, b, callId } = await talk(server, { a: { userId: ann, token } });
  const bob = b.joined.userId;
  const others = await tokenOf(server, bob);
  for (const [owner, other, own] of [
    [ann, bob, token],
    [bob, ann, others],
  ] as const) {
    await ask(server, `PUT /api/users/${owner}/contacts/${other}`, { token: own, body: { name: "Somebody" } });
    await ask(server, `PUT /api/users/${owner}/blocks/${other}`, { token: own });
    await ask(server, `DELETE /api/users/${owner}/blocks/${other}`, { token: own });
  }
  await ask(server, `PUT /api/users/${bob}/blocks/${ann}`, { token: others });
  await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann } });
  const said = { type: "callStats", callId, caller: ann, callee: bob, duration: 3, samples: [] };
  for (const [peer, id] of [
    [a, "told"],
    [b, "told too"],
  ] as const) {
    peer.send({ ...said, id });
    assert.equal((await peer.raw.reply(id)).type, "ack");
    peer.send({ type: "stats", callId, samples: [{ t: 1_700_000_000_000, rttMs: 20 }] });
  }
  const saved = { callId: randomUUID(), caller: bob, callee: ann, startTime: systemClock.now() - 60_000, duration: 0 };
  await ask(server, "POST /api/calls", { token: others, body: { ...saved, status: "missed" } });
  return { a, b, callId, token, others };
}

/** All that Bob can ask for. */
async function allThatBobSees(server: ServerProcess, { b, callId, others: token }: Scene): Promise<string> {
  const bob = b.joined.userId;
  const paths = ["contacts", "blocks", "export"].map((what) => `/api/users/${bob}/${what}`);
  const all = [...paths, `/api/calls/${bob}`, `/api/stats/${bob}/calls/${callId}`, "/contacts", "/calls/history"];
  const bodies = await Promise.all(all.map((path) => ask(server, `GET ${path}`, { token })));
  assert.deepEqual(new Set(bodies.map(({ status }) => status)), new Set([200]));
  return JSON.stringify(bodies);
}

/** Wherever the number still is, among the files that the server keeps. */
export async function filesWithAnn(server: ServerProcess): Promise<string[]> {
  await server.kill("SIGTERM");
  const audit = { name: "audit.log", bytes: readFileSync(join(server.data, "audit.log"), "latin1") };
  return [...storedFiles(server.data), audit].filter(({ bytes }) => bytes.includes(ann)).map(({ name }) => name);
}

export async function assertGone(server: ServerProcess, scene: Scene): Promise<void> {
  const { b, callId } = scene;
  // What Bob's client only now says of the call still names Ann.
  b.send({ type: "callStats", callId, caller: ann, callee: b.joined.userId, duration: 9, samples: [], id: "late" });
  assert.equal((await b.raw.reply("late")).type, "ack");
  await historyOnce(server, b.joined.userId, (calls) => calls.length === 2 && calls[0].hasStats);
  const seen = await allThatBobSees(server, scene);
  assert.ok(!seen.includes(ann), seen);
  assert.match(seen, /"caller":"deleted:[\w-]+"/);
  assert.equal((await ask(server, `GET /api/users/${ann}`, { token: scene.others })).status, 404);
  assert.equal((await ask(server, "GET /api/auth/sessions", { token: scene.token })).status, 401);
}

export async function erase(server: ServerProcess, { token }: Scene) {
  return ask(server, `DELETE /api/users/${ann}`, { token });
}
