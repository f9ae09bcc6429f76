import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { CurrentPeer, spawnServer } from "@echoo/testkit";
import { type HostProduct, withKeys, withSecret } from "../../../accounts/test/external-jwt/host-product.ts";
import { goodClaims } from "../../../accounts/test/external-jwt/key-server.ts";
import { ask } from "./ask.ts";

const ann = "ann@example.com";
const annsPath = `/api/users/${encodeURIComponent(ann)}`;
/** Less than the minute that is granted, by what passes between the signing of a token and its use. */
const aheadMs = 59_000;

/** Ann with two sockets, a token that was never shown, and a server that knows bob as well. */
async function setUp(t: TestContext, make: (t: TestContext) => Promise<HostProduct>) {
  const product = await make(t);
  const server = await spawnServer({ env: product.env, test: t });
  let signed = 0;
  /** By the product's clock, and so many seconds later. */
  const tokenFor = (sub: string, laterSec = 0) => {
    signed += 1;
    const claims = goodClaims(Date.now() + aheadMs + laterSec * 1000, { sub, jti: String(signed) });
    return product.sign(claims);
  };
  const join = (userId: string, token: string) => CurrentPeer.connect(server.wsUrl, { userId, token });
  const old = [await tokenFor(ann), await tokenFor(ann), await tokenFor(ann)] as const;
  const peers = [await join(ann, old[0]), await join(ann, old[1])];
  const bob = await tokenFor("bob");
  (await join("bob", bob)).terminate();

  async function allEnded(): Promise<void> {
    for (const token of old) {
      await assert.rejects(join(ann, token), /unauthorized/);
      assert.equal((await ask(server, `GET ${annsPath}`, { token })).status, 401);
    }
  }
  return { server, tokenFor, join, old, peers, bob, allEnded };
}

for (const [kind, make] of [
  ["with a shared secret", withSecret],
  ["with published keys", withKeys],
] as const) {
  describe(`a host product ${kind}, whose clock is ahead by nearly a minute`, () => {
    test("logs one token out, over a restart, and no other", async (t) => {
      const { server, join, old, peers, tokenFor } = await setUp(t, make);
      assert.equal((await ask(server, "POST /api/auth/logout", { token: old[0] })).status, 200);
      assert.equal((await peers[0]?.closed())?.code, 4401);
      await peers[1]?.settle();
      for (const restarts of [false, true]) {
        if (restarts) await server.restart("SIGKILL");
        await assert.rejects(join(ann, old[0]), /unauthorized/);
        (await join(ann, old[2])).terminate();
        (await join(ann, await tokenFor(ann))).terminate();
      }
    });

    test("logs all of a user's tokens out, over a restart, and none that is issued later", async (t) => {
      const { server, join, old, peers, tokenFor, allEnded } = await setUp(t, make);
      assert.equal((await ask(server, "DELETE /api/auth/sessions", { token: old[2] })).status, 200);
      for (const peer of peers) assert.equal((await peer.closed()).code, 4401);
      await allEnded();
      (await join(ann, await tokenFor(ann, 3))).terminate();
      await server.restart("SIGKILL");
      await allEnded();
      (await join(ann, await tokenFor(ann, 3))).terminate();
    });

    test("makes nobody anew who was erased, over a restart, until it issues a token later", async (t) => {
      const { server, join, old, peers, bob, tokenFor, allEnded } = await setUp(t, make);
      assert.equal((await ask(server, `DELETE ${annsPath}`, { token: old[2] })).status, 200);
      for (const peer of peers) assert.equal((await peer.closed()).code, 4401);
      for (const restarts of [false, true]) {
        if (restarts) await server.restart("SIGKILL");
        await allEnded();
        assert.equal((await ask(server, `GET ${annsPath}`, { token: bob })).status, 404);
      }
      (await join(ann, await tokenFor(ann, 3))).terminate();
      assert.equal((await ask(server, `GET ${annsPath}`, { token: bob })).status, 200);
    });
  });
}
