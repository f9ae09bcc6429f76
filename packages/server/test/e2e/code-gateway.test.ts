import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { spawnServer } from "@echoo/testkit";
import { ask } from "./ask.ts";

const guide = new URL("../../../../docs/guide/access.md", import.meta.url);
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

test("the gateway of the guide takes codes from a closed server, and none that another key signed", async (t) => {
  const [, program = ""] = /```js\n([\s\S]*?)```/.exec(await readFile(guide, "utf8")) ?? [];
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const port = String((probe.address() as AddressInfo).port);
  probe.close();
  await once(probe, "close");

  const gateway = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { PATH: process.env.PATH, PORT: port, ECHOO_OTP_WEBHOOK_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => gateway.kill());
  const lines = createInterface(gateway.stdout)[Symbol.asyncIterator]();
  assert.match((await lines.next()).value ?? "", /waiting for codes/i);

  const url = `http://127.0.0.1:${port}/`;
  const proof = { ECHOO_PROOF: "webhook", ECHOO_OTP_WEBHOOK_URL: url, ECHOO_OTP_WEBHOOK_SECRET: secret };
  const server = await spawnServer({ env: { NODE_ENV: "production", ...proof }, test: t });
  const register = (otp?: string) =>
    ask(server, "POST /api/auth/register", { body: { phone: "+15550901", ...(otp === undefined ? {} : { otp }) } });
  const { challenge, ...sent } = (await register()).body;
  assert.deepEqual(sent, { status: "otp_sent", expiresInSec: 300 }, server.output());
  const [, code = ""] = /^\+15550901: Your code is (\d{6})\b/.exec((await lines.next()).value ?? "") ?? [];
  const done = await register(code);
  assert.deepEqual([done.status, done.body.user?.proven], [201, true]);
  for (const secret of [code, challenge]) assert.ok(!server.output().includes(secret), "it is in the log");

  const forged = { type: "otp", phone: "+15550999", code: "000000", expiresInSec: 300 };
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };
  const refused = await fetch(url, { method: "POST", headers, body: JSON.stringify(forged) });
  assert.equal(refused.status, 400);
});
