import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { ask, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const cid = "5550003";

test("contacts are put, renamed, listed by name and removed", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await signUp(server, bob, "Bob");
  server.live.online.add(bob);
  const path = (who: string) => `/api/users/${ann}/contacts/${who}`;
  const added = await ask(server, `PUT ${path(bob)}`, { token });
  assert.equal(added.status, 201);
  assert.deepEqual(added.body.contact, { phone: bob, name: "Bob", registered: true, online: true });
  const renamed = await ask(server, `PUT ${path("555-00-02")}`, { token, body: { name: "Zed" } });
  assert.deepEqual([renamed.status, renamed.body.contact.name], [200, "Zed"]);
  const unknown = await ask(server, `PUT ${path(cid)}`, { token });
  assert.deepEqual(unknown.body.contact, { phone: cid, name: cid, registered: false });
  const { contacts } = (await ask(server, `GET /api/users/${ann}/contacts`, { token })).body;
  assert.deepEqual(
    contacts.map(({ phone }: { phone: string }) => phone),
    [cid, bob],
  );
  assert.equal((await ask(server, `DELETE ${path(cid)}`, { token })).status, 200);
  assert.equal((await ask(server, `DELETE ${path(cid)}`, { token })).status, 404);
  assert.equal(server.live.told.filter((line) => line === `changed ${ann}`).length, 5);
});

test("a contact is put by a number as it was pasted, and is called by the number where its name says another", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await signUp(server, bob, "555\u20110666");
  const pasted = encodeURIComponent("\u202a555\u00a0\u20130002\u202c");
  const added = await ask(server, `PUT /api/users/${ann}/contacts/${pasted}`, { token });
  assert.deepEqual(added.body.contact, { phone: bob, name: bob, registered: true, online: false });
  assert.equal((await ask(server, `GET /api/users/${bob}`, { token })).body.user.displayName, bob);
});

test("a contact who blocked the viewer looks offline, and one who hides their presence shows nothing", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const bobs = await signUp(server, bob, "Bob");
  const cids = await signUp(server, cid, "Cid");
  for (const who of [bob, cid]) {
    server.live.online.add(who);
    await ask(server, `PUT /api/users/${ann}/contacts/${who}`, { token });
  }
  await ask(server, `PUT /api/users/${bob}/blocks/${ann}`, { token: bobs });
  await ask(server, `PUT /api/users/${cid}`, { token: cids, body: { presence: "nobody" } });
  const { contacts } = (await ask(server, `GET /api/users/${ann}/contacts`, { token })).body;
  assert.deepEqual(contacts, [
    { phone: bob, name: "Bob", registered: true, online: false },
    { phone: cid, name: "Cid", registered: true },
  ]);
});

test("blocks are put, listed and removed", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const added = await ask(server, `PUT /api/users/${ann}/blocks/${bob}`, { token });
  assert.equal(added.status, 201);
  server.clock.advance(1000);
  const again = await ask(server, `PUT /api/users/${ann}/blocks/${bob}`, { token });
  assert.deepEqual([again.status, again.body], [200, added.body]);
  const { blocks } = (await ask(server, `GET /api/users/${ann}/blocks`, { token })).body;
  assert.deepEqual(blocks, [{ phone: bob, createdAt: "2026-01-01T00:00:00.000Z" }]);
  assert.equal((await ask(server, `DELETE /api/users/${ann}/blocks/${bob}`, { token })).status, 200);
  assert.equal((await ask(server, `DELETE /api/users/${ann}/blocks/${bob}`, { token })).status, 404);
});

test("contacts and blocks are one's own, need a token, and never hold oneself", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const paths = ["contacts", "blocks"].flatMap((list) => [
    `GET /api/users/:who/${list}`,
    `PUT /api/users/:who/${list}/${cid}`,
    `DELETE /api/users/:who/${list}/${cid}`,
  ]);
  for (const path of paths) {
    assert.equal((await ask(server, path.replace(":who", bob), { token })).status, 403, path);
    assert.equal((await ask(server, path.replace(":who", ann))).status, 401, path);
  }
  for (const list of ["contacts", "blocks"]) {
    assert.equal((await ask(server, `PUT /api/users/${ann}/${list}/${ann}`, { token })).status, 409);
    assert.equal((await ask(server, `PUT /api/users/${ann}/${list}/abc`, { token })).status, 400);
  }
});

test("a full list takes no more", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (let n = 0; n < limits.contactsPerUser; n += 1) {
    const createdAtMs = server.clock.now();
    await server.store.contacts.put(ann, { contact: `556${1000 + n}`, name: "x", createdAtMs }, limits.contactsPerUser);
    await server.store.blocks.put(ann, { blocked: `556${1000 + n}`, createdAtMs }, limits.blocksPerUser);
  }
  for (const list of ["contacts", "blocks"]) {
    const reply = await ask(server, `PUT /api/users/${ann}/${list}/${bob}`, { token });
    assert.deepEqual([reply.status, reply.body.code], [409, "conflict"]);
    assert.equal((await ask(server, `PUT /api/users/${ann}/${list}/5561000`, { token })).status, 200);
  }
});
