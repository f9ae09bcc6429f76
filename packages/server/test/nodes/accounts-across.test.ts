import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService } from "@echoo/testkit";
import { ask, tokenOf } from "../e2e/ask.ts";
import { SeveralServers } from "./several-servers.ts";

const ann = "5551000001";
const bob = "5551000002";
const someone = (n: number) => `555${2_000_000 + n}`;

describe("what two servers count of users", { skip: requireService("mongod") || requireService("valkey") }, () => {
  test("is one count: strangers, wrong proofs and codes; and no code is made while Redis is away", async (t) => {
    const { one, two, redis } = await SeveralServers.start(t);
    const servers = [one, two] as const;
    const at = (n: number) => servers[n % 2] ?? one;

    const token = await tokenOf(one, ann);
    const about = (n: number) => ask(at(n), `GET /api/users/${someone(n)}`, { token });
    const seen = new Set<number>();
    for (let n = 0; n < 200; n += 1) seen.add((await about(n)).status);
    assert.ok(!seen.has(429), [...seen].join());
    assert.deepEqual([(await about(200)).status, (await about(201)).status], [429, 429]);
    assert.notEqual((await ask(two, `GET /api/users/${someone(0)}`, { token })).status, 429);

    const wrong = (n: number) => ask(at(n), "POST /api/auth/register", { body: { phone: bob, invite: "wrong" } });
    const codes = new Set<string>();
    for (let n = 0; n < 60; n += 1) codes.add((await wrong(n)).body.code);
    assert.deepEqual([...codes], ["invite_invalid"]);
    assert.deepEqual([(await wrong(60)).body.code, (await wrong(61)).body.code], ["rate_limited", "rate_limited"]);

    const code = (server: typeof one, phone: string) =>
      ask(server, "POST /auth/send-otp", { body: { phoneNumber: phone } });
    assert.equal((await code(one, bob)).status, 200);
    // The other server finds that one in the database, sent a moment ago.
    assert.equal((await code(two, bob)).status, 429);
    await redis.kill();
    const away = await code(two, "5551000003");
    assert.equal(away.status, 503);
    await redis.startAgain();
    while ((await code(two, "5551000003")).status === 503) {
      // It finds its way back within a second.
    }
    assert.deepEqual([one.faults(), two.faults()], [[], []]);
  });
});
