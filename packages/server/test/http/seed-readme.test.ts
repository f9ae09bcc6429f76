import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, startRest } from "./rest-server.ts";

test("the endpoints of the first README work from the machine itself without a token, proxy or setting", async (t) => {
  const server = await startRest(t);
  const phone = "5551234567";
  const registered = await ask(server, "POST /api/auth/register", { body: { phoneNumber: phone, name: "Ann" } });
  assert.equal(registered.status, 201);
  assert.ok(registered.body.token);
  assert.equal((await ask(server, `GET /api/users/${phone}`)).body.user.displayName, "Ann");
  const renamed = await ask(server, `PUT /api/users/${phone}`, { body: { displayName: "Anna" } });
  assert.equal(renamed.body.user.displayName, "Anna");
  assert.deepEqual((await ask(server, `GET /api/calls/${phone}`)).body, { calls: [], unseenMissed: 0 });
  const call = {
    caller: phone,
    callee: "5557654321",
    isVideo: true,
    startTime: server.clock.now(),
    duration: 12,
    status: "completed",
  };
  assert.equal((await ask(server, "POST /api/calls", { body: call })).status, 201);
  assert.equal((await ask(server, `GET /api/calls/${phone}`)).body.calls[0].duration, 12);
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
});
