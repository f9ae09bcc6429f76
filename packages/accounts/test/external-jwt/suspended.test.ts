import assert from "node:assert/strict";
import { test } from "node:test";
import { SignJWT } from "jose";
import { entered, externalJwtSetup } from "./external-jwt-setup.ts";
import { audience, goodClaims, issuer } from "./key-server.ts";

const secret = "a secret that both sides know, 32 characters or more";
const ann = "ann@example.com";
const env = { ECHOO_JWT_SECRET: secret, ECHOO_JWT_ISSUER: issuer, ECHOO_JWT_AUDIENCE: audience };
const nowMs = Date.UTC(2026, 0, 1);

test("a token of the host product lets no suspended user in, and lets them in again once that is lifted", async (t) => {
  const setup = externalJwtSetup(t, env);
  const claims = goodClaims(nowMs, {});
  const jwt = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
  assert.equal(await entered(setup, jwt), ann);
  await setup.store.users.update(ann, { suspended: true });
  await assert.rejects(entered(setup, jwt), { code: "unauthorized" });
  await setup.store.users.update(ann, { suspended: false });
  assert.equal(await entered(setup, jwt), ann);
});
