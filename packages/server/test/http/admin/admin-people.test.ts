import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { ask, type RestServer, signUp, startRest } from "../rest-server.ts";
import { administrator, adminPhone, invited } from "./administrator.ts";

const ann = "5550001";
const bob = "5550002";

async function people(server: RestServer, token: string, query: string) {
  const { status, body } = await ask(server, `GET /api/admin/people${query}`, { token });
  assert.equal(status, 200, JSON.stringify(body));
  return {
    phones: body.people.map(({ phone }: { phone: string }) => phone),
    next: body.nextCursor,
    looked: body.looked,
  };
}

const update = (server: RestServer, token: string, phone: string, body: object) =>
  ask(server, `PUT /api/admin/people/${phone}`, { token, body });

/** What was done to others; how the first administrator came to be is no part of it. */
const events = (server: RestServer) =>
  server.audited
    .filter(({ event, other }) => event.startsWith("admin_") && other !== undefined)
    .map(({ event, user, other }) => [event, user, other]);

test("people are found by the beginning of a number or a part of a name, page by page", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  for (const [phone, name] of [
    ["+15551", "Ann Smith"],
    ["+15552", "Bob"],
    ["+4930", "ANNA"],
  ] as const) {
    await server.store.users.ensure(phone, { displayName: name }, server.clock.now());
  }
  assert.deepEqual((await people(server, token, "")).phones, ["+15551", "+15552", "+4930", adminPhone]);
  assert.deepEqual((await people(server, token, "?search=%2B1%20555")).phones, ["+15551", "+15552"]);
  assert.deepEqual((await people(server, token, "?search=ann")).phones, ["+15551", "+4930"]);
  assert.deepEqual((await people(server, token, "?only=admin")).phones, [adminPhone]);
  const first = await people(server, token, "?limit=3");
  assert.deepEqual((await people(server, token, `?limit=3&cursor=${first.next}`)).phones, [adminPhone]);
  assert.equal((await ask(server, "GET /api/admin/people?cursor=.", { token })).status, 400);
});

test("a page of people looks at as many as its limit says, and says so, and the next one goes on", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  for (let n = 0; n < limits.adminLooked; n += 1) {
    await server.store.users.ensure(`1${String(n).padStart(6, "0")}`, {}, server.clock.now());
  }
  const first = await people(server, token, "?search=ada");
  assert.deepEqual([first.phones, first.looked], [[], limits.adminLooked]);
  const next = await people(server, token, `?search=ada&cursor=${first.next}`);
  assert.deepEqual([next.phones, next.next], [[adminPhone], undefined]);
});

test("one account is shown with its devices, and neither contacts, blocks, secrets nor push addresses", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await signUp(server, ann, "Ann");
  await server.store.contacts.put(ann, { contact: bob, name: "secret friend", createdAtMs: 0 }, 10);
  const { status, body } = await ask(server, `GET /api/admin/people/${ann}`, { token });
  assert.equal(status, 200);
  assert.deepEqual([body.person.displayName, body.person.suspended, body.tokens.length], ["Ann", false, 1]);
  assert.doesNotMatch(JSON.stringify(body), /secret friend|hash/);
  assert.deepEqual(events(server), [["admin_looked_at_account", "…00", "…01"]]);
  await ask(server, `GET /api/admin/people/${ann}`, { token });
  assert.equal(events(server).length, 1, "the same look again is the same look");
  assert.equal((await ask(server, "GET /api/admin/people/5559999", { token })).status, 404);
});

test("an administrator is made of a proven number alone, and the last one stays", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await signUp(server, bob);
  assert.equal((await update(server, token, bob, { admin: true })).status, 409);
  const annsToken = await invited(server, ann);
  assert.equal((await update(server, token, adminPhone, { admin: false })).body.code, "conflict");
  const made = await update(server, token, ann, { admin: true });
  assert.deepEqual([made.status, made.body.person.admin], [200, true]);
  const removed = await update(server, annsToken, adminPhone, { admin: false });
  assert.deepEqual([removed.status, removed.body.person.admin], [200, false]);
  assert.equal((await update(server, annsToken, ann, { admin: false })).status, 409);
  assert.deepEqual(events(server), [
    ["admin_granted", "…00", "…01"],
    ["admin_removed", "…01", "…00"],
  ]);
});

test("a suspended account is cut, let in by nothing, and as it was once that is lifted", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const annsToken = await invited(server, ann);
  const bobsToken = await signUp(server, bob);
  for (const phone of [ann, bob]) {
    const suspended = await update(server, token, phone, { suspended: true });
    assert.deepEqual([suspended.status, suspended.body.person.suspended], [200, true]);
    assert.ok(server.live.told.includes(`suspended ${phone}`));
  }
  for (const [phone, theirs] of [
    [ann, annsToken],
    [bob, bobsToken],
  ] as const) {
    assert.equal((await ask(server, `GET /api/users/${phone}`, { token: theirs })).status, 401);
    // Neither open access nor an invitation lets it in.
    assert.equal((await ask(server, `GET /api/users/${phone}`)).status, 401);
    const { token: invite } = server.accounts.invitations.make({ phone });
    const refused = await ask(server, "POST /api/auth/register", { body: { phone, invite } });
    assert.deepEqual(
      [refused.status, refused.body.error],
      [403, "This account is suspended. Ask who runs this server."],
    );
    assert.deepEqual(await server.store.tokens.list(phone, server.clock.now()), []);
  }
  const socket = { remoteAddress: "127.0.0.1", localAddress: "127.0.0.1", httpVersion: "1.1", headers: {} };
  const admitted = await server.accounts.authenticator.admit({ userId: bob }, socket as never);
  assert.equal(admitted.ok, false);
  assert.deepEqual((await people(server, token, "?only=suspended")).phones, [ann, bob]);
  assert.equal((await update(server, token, ann, { admin: true })).status, 409);
  assert.equal((await update(server, token, adminPhone, { suspended: true })).status, 409);

  assert.equal((await update(server, token, ann, { suspended: false })).body.person.suspended, false);
  const again = await invited(server, ann);
  assert.equal((await ask(server, `GET /api/users/${ann}`, { token: again })).status, 200);
  assert.deepEqual(events(server), [
    ["admin_suspended", "…00", "…01"],
    ["admin_suspended", "…00", "…02"],
    ["admin_unsuspended", "…00", "…01"],
  ]);
});

test("an administrator signs devices out, one or all of them", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const first = await invited(server, ann);
  const second = await invited(server, ann);
  const { body } = await ask(server, `GET /api/admin/people/${ann}`, { token });
  const [newest] = body.tokens;
  const path = `DELETE /api/admin/people/${ann}/tokens`;
  assert.equal((await ask(server, `${path}/${newest.id}`, { token })).status, 200);
  assert.ok(server.live.told.includes(`revoked ${newest.id}`));
  assert.equal((await ask(server, `${path}/${newest.id}`, { token })).status, 404);
  const alive = async () =>
    Promise.all(
      [first, second].map(async (one) => (await ask(server, `GET /api/users/${ann}`, { token: one })).status),
    );
  assert.deepEqual((await alive()).sort(), [200, 401]);
  assert.equal((await ask(server, path, { token })).status, 200);
  assert.deepEqual(await alive(), [401, 401]);
  assert.deepEqual(
    events(server)
      .slice(1)
      .map(([event]) => event),
    ["admin_revoked_token", "admin_revoked_all_tokens"],
  );
});

test("an account is erased once its number was typed again, and an administrator's is not", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await invited(server, ann);
  const erase = (phone: string, body: object) => ask(server, `POST /api/admin/people/${phone}/erase`, { token, body });
  assert.equal((await erase(ann, { phone: bob })).status, 400);
  assert.equal((await erase(ann, {})).status, 400);
  assert.equal((await erase(adminPhone, { phone: adminPhone })).status, 409);
  assert.notEqual(await server.store.users.find(ann), undefined);
  assert.equal((await erase(ann, { phone: "555 0001" })).status, 200);
  assert.equal(await server.store.users.find(ann), undefined);
  assert.ok(server.live.told.some((told) => told.startsWith(`erased ${ann}`)));
  assert.deepEqual(events(server), [["admin_erased_account", "…00", "…01"]]);
});
