import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CurrentPeer, fakeAnswer, fakeOffer, requireService } from "@echoo/testkit";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const [offer, answer] = [fakeOffer(4), fakeAnswer(4)];
const deadlineMs = 60_000;

test("one command starts two nodes, tells where they are and how to stop them, carries a call across and stops all", {
  skip: requireService("mongod") || requireService("valkey"),
}, async (t) => {
  const program = spawn(process.execPath, ["scripts/dev-cluster.mjs"], {
    ...{ cwd: root, env: { ...process.env, PORT: "0" } },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => program.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => void program.once("exit", (code) => resolve(code)));
  const said = await new Promise<string>((resolve) => {
    let text = "";
    program.stderr.on("data", (chunk: Buffer) => {
      text += String(chunk);
      if (text.includes("Ctrl-C stops")) resolve(text);
    });
    void ended.then(() => resolve(text));
  });
  const nodes = [...said.matchAll(/ (one|two) +(http:\/\/localhost:\d+) +process (\d+), log (\S+)/g)];
  assert.deepEqual(
    nodes.map(([, name]) => name),
    ["one", "two"],
    said,
  );
  const connect = (at: number, userId: string) =>
    CurrentPeer.connect(`${nodes[at]?.[2]?.replace("http:", "ws:")}/ws`, { userId, deviceId: userId, deadlineMs });
  const [ann, bob] = [await connect(0, "5551000001"), await connect(1, "5551000002")];
  const callId = await placed(ann, bob.joined.userId);
  assert.equal((await bob.next("offer")).callId, callId);
  bob.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
  await ann.next("answer");
  ann.send({ type: "hangup", callId });
  assert.equal((await bob.next("hangup")).reason, "hangup");

  program.kill("SIGINT");
  assert.equal(await ended, 0);
  for (const [, name, url = "", pid = "", log = ""] of nodes) {
    await assert.rejects(fetch(url), `${name} still answers`);
    assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" });
    assert.equal(existsSync(dirname(log)), false);
  }
});

/** For its first five seconds a Redis gives no locks; a client tries again. */
async function placed(caller: CurrentPeer, to: string): Promise<string> {
  for (;;) {
    const callId = randomUUID();
    caller.send({ type: "offer", to, sdp: offer.sdp, callId, neg: 1, id: callId });
    const reply = await caller.raw.reply(callId);
    if (reply.type === "ack") return callId;
    assert.equal(reply.type === "error" && reply.code, "unavailable");
    await caller.settle();
  }
}
