import assert from "node:assert/strict";
import { test } from "node:test";
import { makeOperatorPass } from "@echoo/accounts";
import { settingsWebhookId } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { endedCall } from "@echoo/testkit";
import { factsOfRecord } from "../../../src/webhooks/call-facts.ts";
import { ask, signUp, startRest } from "../rest-server.ts";
import { administrator } from "./administrator.ts";

const url = "https://app.example.com/echoo";

test("an administrator adds a webhook, whose secret is shown once, changes, rotates and removes it", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const made = await ask(server, "POST /api/admin/webhooks", { token, body: { url } });
  assert.equal(made.status, 201);
  assert.match(made.body.secret, /^whsec_[A-Za-z0-9+/]+=*$/);
  const { id } = made.body.webhook;
  const list = async () => (await ask(server, "GET /api/admin/webhooks", { token })).body;
  assert.deepEqual([(await list()).webhooks.length, JSON.stringify(await list()).includes("whsec_")], [1, false]);
  const rotated = await ask(server, `POST /api/admin/webhooks/${id}/rotate`, { token });
  assert.notEqual(rotated.body.secret, made.body.secret);
  assert.deepEqual((await server.store.webhooks.list())[0]?.secrets, [rotated.body.secret, made.body.secret]);
  assert.equal((await list()).webhooks[0].rotating, true);
  const changed = await ask(server, `PUT /api/admin/webhooks/${id}`, { token, body: { url: `${url}/2` } });
  assert.equal(changed.body.webhook.url, `${url}/2`);
  assert.equal((await ask(server, `DELETE /api/admin/webhooks/${id}`, { token })).status, 200);
  assert.equal((await ask(server, `DELETE /api/admin/webhooks/${id}`, { token })).status, 404);
  const noted = server.audited.filter(({ event }) => event === "admin_changed_webhooks");
  assert.equal(noted.length, 4);
});

test("beyond ten webhooks there is no other one, and that of the settings is changed there alone", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await server.store.webhooks.put({ id: settingsWebhookId, url, secrets: [], createdAtMs: 1 }, 1);
  for (let i = 1; i < limits.webhooks; i++) {
    assert.equal((await ask(server, "POST /api/admin/webhooks", { token, body: { url } })).status, 201);
  }
  assert.equal((await ask(server, "POST /api/admin/webhooks", { token, body: { url } })).status, 409);
  for (const request of ["DELETE /api/admin/webhooks/settings", "POST /api/admin/webhooks/settings/rotate"]) {
    assert.equal((await ask(server, request, { token })).status, 409);
  }
});

test("a webhook in the server's own network is refused", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  for (const bad of ["http://app.example.com/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]:1/"]) {
    const { status } = await ask(server, "POST /api/admin/webhooks", { token, body: { url: bad } });
    assert.equal(status, bad.includes("::1") ? 201 : 400, bad);
  }
});

test("deliveries are shown, tried again and replayed, by administrators and by commands of this machine alone", async (t) => {
  const server = await startRest(t);
  const { store, clock, secret } = server;
  const token = await administrator(server);
  await store.webhooks.put({ id: "hook", url, secrets: ["whsec_c2VjcmV0"], createdAtMs: 1 }, 9);
  let ids = 0;
  const nowMs = clock.now();
  await store.webhooks.announce(factsOfRecord(endedCall("c1", { createdAtMs: nowMs }), () => `evt_${++ids}`));
  const pass = makeOperatorPass(secret, nowMs);
  for (const who of [token, pass]) {
    const { status, body } = await ask(server, "GET /api/admin/webhooks/deliveries?standing=waiting", { token: who });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      body.deliveries.map(({ event }: { event: { type: string } }) => event.type),
      ["call.started", "call.answered", "call.ended"],
    );
    const replayed = await ask(server, "POST /api/admin/webhooks/replay", { token: who, body: { since: 0 } });
    assert.equal(replayed.status, 200);
    const retried = await ask(server, "POST /api/admin/webhooks/retry", { token: who });
    assert.deepEqual([retried.status, retried.body.changed], [200, 0]);
  }
  const bob = await signUp(server, "5550009");
  assert.equal((await ask(server, "GET /api/admin/webhooks", { token: bob })).status, 403);
  assert.equal((await ask(server, "POST /api/admin/webhooks", { token: pass, body: { url } })).status, 401);
  clock.advance(60_000);
  assert.equal((await ask(server, "GET /api/admin/webhooks", { token: pass })).status, 401);
  const forged = makeOperatorPass("another secret of another server", clock.now());
  assert.equal((await ask(server, "GET /api/admin/webhooks", { token: forged })).status, 401);
});
