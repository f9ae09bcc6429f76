import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, startRest } from "../rest-server.ts";
import { administrator, invited } from "./administrator.ts";

interface Shown {
  readonly name: string;
  readonly value?: string;
  readonly isSet: boolean;
  readonly isDefault: boolean;
}

test("the settings in force are told without secrets", async (t) => {
  const secrets = {
    ECHOO_TURN_SECRET: "turn-secret-canary-1234",
    ECHOO_METRICS_TOKEN: "metrics-token-canary-1234",
    ECHOO_OTP_WEBHOOK_SECRET: "otp-secret-canary-1234567",
  };
  const gateway = "https://user:pass-canary@sms.example.org/send?key=query-canary";
  const env = { ...secrets, TURN_URLS: "turn:turn.example.org", ECHOO_RING_MS: "30000" };
  const server = await startRest(t, { env: { ...env, ECHOO_PROOF: "webhook", ECHOO_OTP_WEBHOOK_URL: gateway } });
  const token = await administrator(server);
  const { status, body } = await ask(server, "GET /api/admin/settings", { token });
  assert.equal(status, 200);
  assert.doesNotMatch(JSON.stringify(body), /canary/);
  const of = (name: string): Shown => body.settings.find((each: Shown) => each.name === name);
  assert.deepEqual([of("ECHOO_RING_MS").value, of("ECHOO_RING_MS").isDefault], ["30000", false]);
  assert.deepEqual([of("ECHOO_TURN_SECRET").isSet, of("ECHOO_TURN_SECRET").value], [true, undefined]);
  assert.deepEqual([of("PORT").value, of("PORT").isDefault], ["3000", true]);
  assert.equal(of("ECHOO_OTP_WEBHOOK_URL").value, "https://sms.example.org/send?…");
  assert.deepEqual([of("TURN_URLS").value, of("MONGODB_URI").isSet], ["turn:turn.example.org", false]);
});

test("the audit log is read newest first, by event and by number, page by page", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  for (const phone of ["5550001", "5550002", "5550003"]) await invited(server, phone);
  await ask(server, "GET /api/admin/people/5550002", { token });
  const audit = async (query: string) => {
    const { status, body } = await ask(server, `GET /api/admin/audit${query}`, { token });
    assert.equal(status, 200, JSON.stringify(body));
    return {
      ...body,
      lines: body.entries.map((each: { event: string; user?: string }) => `${each.event} ${each.user}`),
    };
  };
  const all = await audit("");
  assert.equal(all.lines[0], "admin_looked_at_audit …00");
  assert.equal(all.lines.length, server.audited.length);
  assert.doesNotMatch(JSON.stringify(all.entries), /Key/);
  assert.match(all.events.admin_suspended, /suspended an account/);
  assert.deepEqual(
    (await audit("?event=registered")).lines,
    ["…03", "…02", "…01", "…00"].map((user) => `registered ${user}`),
  );
  const about = (await audit("?phone=5550002")).lines;
  assert.ok(about.includes("admin_looked_at_account …00") && about.includes("registered …02"), about.join());
  const first = await audit("?event=registered&limit=3");
  assert.deepEqual((await audit(`?event=registered&limit=3&cursor=${first.nextCursor}`)).lines, ["registered …00"]);
  assert.equal((await ask(server, "GET /api/admin/audit?cursor=x", { token })).status, 400);
});
