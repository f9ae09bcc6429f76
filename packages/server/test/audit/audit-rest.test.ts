import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, type RestServer, signUp, startRest } from "../http/rest-server.ts";

const ann = "5550001";
const bob = "5550002";

/** What the log says since the last time it was asked, in short. */
function news(server: RestServer): string[] {
  return server.audited.splice(0).map(({ event, outcome, user, other, how, code }) => {
    const who = [user, other].filter((each) => each !== undefined).join(" ");
    return [event, who, how, outcome === "refused" ? code : undefined].filter((part) => part).join(", ");
  });
}

test("registering, logging in and out, and revoking are noted, with the request that did it", async (t) => {
  const server = await startRest(t);
  const body = { phone: ann, device: "Ann's phone" };
  const { body: signedIn, headers } = await ask(server, "POST /api/auth/register", { body });
  const [entry] = server.audited;
  assert.equal(entry?.requestId, headers.get("x-request-id"));
  assert.deepEqual([entry?.device, entry?.address], ["Ann's phone", "127.0.0.0"]);
  const { token } = signedIn;
  const other = await signUp(server, ann);
  const { sessions } = (await ask(server, "GET /api/auth/sessions", { token })).body;
  const { id } = sessions.find(({ current }: { current: boolean }) => !current);
  await ask(server, `DELETE /api/auth/sessions/${id}`, { token });
  await ask(server, "GET /api/auth/sessions", { token: other });
  await ask(server, "POST /api/auth/logout", { token });
  await ask(server, "DELETE /api/auth/sessions", { token: await signUp(server, ann) });
  assert.deepEqual(news(server), [
    "registered, …01, open access",
    "logged_in, …01, open access",
    "token_revoked, …01",
    "login_refused, token, unauthorized",
    "logged_out, …01",
    "logged_in, …01, open access",
    "all_tokens_revoked, …01",
  ]);
});

test("blocks, exports and the end of an account are noted", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await ask(server, `PUT /api/users/${ann}/blocks/${bob}`, { token });
  await ask(server, `DELETE /api/users/${ann}/blocks/${bob}`, { token });
  await ask(server, `GET /api/users/${ann}/export`, { token });
  await ask(server, `DELETE /api/users/${ann}`, { token });
  assert.deepEqual(news(server).slice(1), [
    "blocked, …01 …02",
    "unblocked, …01 …02",
    "account_exported, …01",
    "account_erased, …01",
  ]);
});

test("reaching for what belongs to another user is noted, with the endpoint, and for one's own is not", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await signUp(server, bob);
  server.audited.splice(0);
  const reaches = [
    ["GET /api/calls/:phone", `GET /api/calls/${bob}`],
    ["DELETE /api/users/:phone", `DELETE /api/users/${bob}`],
    ["PUT /api/users/:phone/blocks/:other", `PUT /api/users/${bob}/blocks/${ann}`],
    ["POST /api/invitations", "POST /api/invitations"],
  ] as const;
  for (const [endpoint, request] of reaches) {
    const body = request.startsWith("GET") ? {} : { body: {} };
    assert.equal((await ask(server, request, { token, ...body })).status, 403, request);
    const [entry, ...others] = server.audited.splice(0);
    assert.deepEqual([entry?.event, entry?.note, entry?.outcome], ["access_refused", endpoint, "refused"]);
    assert.deepEqual([entry?.user, entry?.code, others], ["…01", "forbidden", []]);
  }
  assert.equal((await ask(server, `GET /api/calls/${ann}`, { token })).status, 200);
  assert.equal((await ask(server, "POST /api/auth/register", { token, body: { phone: bob } })).status, 403);
  assert.deepEqual(news(server), ["login_refused, …02, token, forbidden"]);
});

test("codes that were asked for, and wrong ones, are noted without the code", async (t) => {
  const server = await startRest(t);
  const { devOtp } = (await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann } })).body;
  const wrong = devOtp === "111111" ? "222222" : "111111";
  const verify = (otp: string) => ask(server, "POST /auth/verify-otp", { body: { phoneNumber: ann, otp } });
  assert.equal((await verify(wrong)).status, 401);
  assert.equal((await verify(devOtp)).status, 200);
  const text = JSON.stringify(server.audited);
  for (const secret of [devOtp, wrong, ann]) assert.ok(!text.includes(secret));
  assert.deepEqual(news(server), [
    "code_requested, …01",
    "login_refused, …01, development code, wrong_code",
    "registered, …01, development code",
  ]);
});

test("an invitation is noted when it is made and when it is used, and so is who becomes administrator", async (t) => {
  const server = await startRest(t, { env: { NODE_ENV: "production", ECHOO_PUBLIC_URL: "https://calls.example" } });
  const { token: invite } = server.accounts.invitations.make({ admin: true, phone: ann });
  const { token } = (await ask(server, "POST /api/auth/register", { body: { phone: ann, invite } })).body;
  assert.equal((await ask(server, "POST /api/auth/register", { body: { phone: ann, invite } })).status, 403);
  await ask(server, "POST /api/invitations", { token, body: { phone: bob } });
  assert.equal((await ask(server, "POST /api/auth/register", { body: { phone: bob } })).status, 403);
  const { token: again } = server.accounts.invitations.make({ admin: true, phone: ann });
  await ask(server, "POST /api/auth/register", { body: { phone: ann, invite: again } });
  const text = JSON.stringify(server.audited);
  for (const secret of [invite, again, token]) assert.ok(!text.includes(secret));
  assert.deepEqual(news(server), [
    "invitation_redeemed, …01, invitation",
    "registered, …01, invitation",
    "admin_granted, …01, invitation",
    "login_refused, …01, invitation, invite_used",
    "invitation_made, …01 …02",
    "login_refused, …02, invite_needed",
    "invitation_redeemed, …01, invitation",
    "logged_in, …01, invitation",
  ]);
});

test("what is malformed or asked for while the database is away is no refused login", async (t) => {
  const server = await startRest(t);
  await ask(server, "POST /api/auth/register", { body: { phone: "abc" } });
  await ask(server, "GET /api/users/5550001/contacts", { headers: { host: "elsewhere.example" } });
  assert.deepEqual(news(server), []);
});
