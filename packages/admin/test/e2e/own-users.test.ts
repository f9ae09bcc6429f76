import assert from "node:assert/strict";
import { test } from "node:test";
import { EchooAdmin, userToken } from "@echoo/admin";
import { spawnServer } from "@echoo/testkit";

const options = {
  secret: "a-secret-that-both-of-them-know-0001",
  issuer: "https://app.example.com",
  audience: "calls",
};

test("a backend signs tokens that a real server takes, and asks in its users' names", async (t) => {
  const { url } = await spawnServer({
    test: t,
    env: {
      ECHOO_JWT_SECRET: options.secret,
      ECHOO_JWT_ISSUER: options.issuer,
      ECHOO_JWT_AUDIENCE: options.audience,
    },
  });
  const admin = new EchooAdmin({ url, token: () => userToken("user-1", { ...options, name: "Ann" }) });
  const user = await admin.getUser({ params: { phone: "user-1" } });
  assert.equal(JSON.stringify(user).includes("Ann"), true);
  await admin.putContact({ params: { phone: "user-1", contact: "user-2" }, body: { name: "Bob" } });
  const { contacts } = await admin.listContacts({ params: { phone: "user-1" } });
  assert.deepEqual(
    contacts.map(({ name }) => name),
    ["Bob"],
  );
  const stranger = admin.as(userToken("user-2", options));
  await assert.rejects(stranger.listContacts({ params: { phone: "user-1" } }), { code: "forbidden", status: 403 });
  const forged = admin.as(userToken("user-1", { ...options, secret: "another-secret-that-is-long-enough-1" }));
  await assert.rejects(forged.listContacts({ params: { phone: "user-1" } }), { code: "unauthorized", status: 401 });
});
