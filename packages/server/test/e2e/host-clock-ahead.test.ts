import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { type HostProduct, withKeys, withSecret } from "../../../accounts/test/external-jwt/host-product.ts";
import { goodClaims } from "../../../accounts/test/external-jwt/key-server.ts";
import { ask } from "./ask.ts";

/** Less than the minute that is granted, by what passes between the signing of a token and its use. */
const aheadMs = 59_000;

/** Tokens of the product, by its clock, and joins with them. */
class AheadProduct {
  readonly #product: HostProduct;
  readonly #server: ServerProcess;
  #signed = 0;

  constructor(product: HostProduct, server: ServerProcess) {
    this.#product = product;
    this.#server = server;
  }

  /** As if it were issued so many seconds later. */
  tokenFor(sub: string, laterSec = 0): Promise<string> {
    this.#signed += 1;
    const claims = goodClaims(Date.now() + aheadMs + laterSec * 1000, { sub, jti: String(this.#signed) });
    return this.#product.sign(claims);
  }

  join(userId: string, token: string): Promise<CurrentPeer> {
    return CurrentPeer.connect(this.#server.wsUrl, { userId, token });
  }

  async joinsAndLeaves(userId: string, token: string): Promise<void> {
    (await this.join(userId, token)).terminate();
  }

  /** A user with two sockets, and a token that was never shown. */
  async user(userId: string) {
    const path = `/api/users/${encodeURIComponent(userId)}`;
    const old = [await this.tokenFor(userId), await this.tokenFor(userId), await this.tokenFor(userId)] as const;
    const peers = [await this.join(userId, old[0]), await this.join(userId, old[1])] as const;
    const allEnded = async () => {
      for (const token of old) {
        await assert.rejects(this.join(userId, token), /unauthorized/);
        assert.equal((await ask(this.#server, `GET ${path}`, { token })).status, 401);
      }
    };
    return { userId, path, old, peers, allEnded };
  }
}

for (const [kind, make] of [
  ["with a shared secret", withSecret],
  ["with published keys", withKeys],
] as const) {
  describe(`a host product ${kind}, whose clock is ahead by nearly a minute`, () => {
    let product: AheadProduct;
    let server: ServerProcess;
    const ends: (() => void | Promise<void>)[] = [];
    /** What each of the tests has to find again after the restart. */
    const afterwards: (() => Promise<void>)[] = [];

    before(async () => {
      const host = await make({ after: (end) => void ends.push(end) });
      server = await spawnServer({ env: host.env });
      product = new AheadProduct(host, server);
    });
    after(async () => {
      await server?.stop();
      for (const end of ends) await end();
    });

    test("logs one token out, and no other", async () => {
      const ann = await product.user("ann@example.com");
      assert.equal((await ask(server, "POST /api/auth/logout", { token: ann.old[0] })).status, 200);
      assert.equal((await ann.peers[0].closed()).code, 4401);
      await ann.peers[1].settle();
      const holds = async () => {
        await assert.rejects(product.join(ann.userId, ann.old[0]), /unauthorized/);
        await product.joinsAndLeaves(ann.userId, ann.old[2]);
        await product.joinsAndLeaves(ann.userId, await product.tokenFor(ann.userId));
      };
      await holds();
      afterwards.push(holds);
    });

    test("logs all of a user's tokens out, and none that is issued later", async () => {
      const ben = await product.user("ben@example.com");
      assert.equal((await ask(server, "DELETE /api/auth/sessions", { token: ben.old[2] })).status, 200);
      for (const peer of ben.peers) assert.equal((await peer.closed()).code, 4401);
      const holds = async () => {
        await ben.allEnded();
        await product.joinsAndLeaves(ben.userId, await product.tokenFor(ben.userId, 3));
      };
      await holds();
      afterwards.push(holds);
    });

    test("makes nobody anew who was erased, until it issues a token later", async () => {
      const eve = await product.user("eve@example.com");
      const bob = await product.tokenFor("bob");
      await product.joinsAndLeaves("bob", bob);
      assert.equal((await ask(server, `DELETE ${eve.path}`, { token: eve.old[2] })).status, 200);
      for (const peer of eve.peers) assert.equal((await peer.closed()).code, 4401);
      const holds = async () => {
        await eve.allEnded();
        assert.equal((await ask(server, `GET ${eve.path}`, { token: bob })).status, 404);
      };
      await holds();
      afterwards.push(async () => {
        await holds();
        await product.joinsAndLeaves(eve.userId, await product.tokenFor(eve.userId, 3));
        assert.equal((await ask(server, `GET ${eve.path}`, { token: bob })).status, 200);
      });
    });

    test("finds all three so again after the server was killed and started anew", async () => {
      await server.restart("SIGKILL");
      assert.equal(afterwards.length, 3);
      for (const holds of afterwards) await holds();
    });
  });
}
