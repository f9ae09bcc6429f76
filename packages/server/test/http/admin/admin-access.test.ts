import assert from "node:assert/strict";
import { test } from "node:test";
import { type RestRow, restContract } from "@echoo/protocol";
import { ask, signUp, startRest } from "../rest-server.ts";
import { administrator, adminPhone } from "./administrator.ts";

const rows = (Object.values(restContract) as readonly RestRow[]).filter(({ auth }) => auth === "admin");

/** A request for an endpoint, for things that are not there. */
function requestOf({ method, path }: RestRow): string {
  return `${method} ${path.replace(":phone", "5559999").replace(/:\w+/g, "x")}`;
}

const bodyOf = ({ method, path }: RestRow) =>
  method === "GET" || method === "DELETE" ? {} : { body: path.endsWith("/erase") ? { phone: "5559999" } : {} };

test("whatever is under /api/admin is for administrators, and nothing else is", () => {
  for (const row of Object.values(restContract) as readonly RestRow[]) {
    assert.equal(row.auth === "admin", row.path.startsWith("/api/admin/"), row.operationId);
  }
  assert.ok(rows.length >= 14);
});

test("no other user, and nobody without a token, is told anything by any of it; the tries are in the audit log", async (t) => {
  const server = await startRest(t);
  await administrator(server);
  const token = await signUp(server, "5550001");
  const before = server.audited.length;
  for (const row of rows) {
    const refused = await ask(server, requestOf(row), { token, ...bodyOf(row) });
    assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"], row.operationId);
    assert.equal((await ask(server, requestOf(row), bodyOf(row))).status, 401, row.operationId);
    assert.equal((await ask(server, requestOf(row), { token: "wrong", ...bodyOf(row) })).status, 401, row.operationId);
  }
  const tried = server.audited.slice(before).filter(({ event }) => event === "access_refused");
  assert.deepEqual(
    tried.map(({ note }) => note),
    rows.map(({ method, path }) => `${method} ${path}`),
  );
});

test("an administrator who is none any more is refused with the same token", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  assert.equal((await ask(server, "GET /api/admin/now", { token })).status, 200);
  await server.store.users.update(adminPhone, { admin: false });
  assert.equal((await ask(server, "GET /api/admin/now", { token })).status, 403);
});

test("with the database away administration is unavailable, not forbidden", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await server.store.close();
  const reply = await ask(server, "GET /api/admin/people", { token });
  assert.deepEqual([reply.status, reply.body.code], [503, "unavailable"]);
});
