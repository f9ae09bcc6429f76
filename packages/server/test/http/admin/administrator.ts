import assert from "node:assert/strict";
import { ask, type RestServer } from "../rest-server.ts";

export const adminPhone = "5550000";

/** The token of an administrator, as the first start's invitation makes one. */
export async function administrator(server: RestServer): Promise<string> {
  const { token: invite } = server.accounts.invitations.make({ admin: true, first: true });
  const reply = await ask(server, "POST /api/auth/register", { body: { phone: adminPhone, invite, name: "Ada" } });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body.token;
}

/** A user whose number was proven by an invitation. */
export async function invited(server: RestServer, phone: string): Promise<string> {
  const { token: invite } = server.accounts.invitations.make({ phone });
  const reply = await ask(server, "POST /api/auth/register", { body: { phone, invite } });
  assert.ok(reply.status === 201 || reply.status === 200, JSON.stringify(reply.body));
  return reply.body.token;
}
