import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { exportSPKI, importJWK } from "jose";
import { keySetBytesMax } from "../../src/external-jwt/fetch-key-set.ts";
import { type ExternalJwtSetup, entered, externalJwtSetup } from "./external-jwt-setup.ts";
import { audience, goodClaims, issuer, KeyServer, rawToken } from "./key-server.ts";

const ann = "ann@example.com";

async function setUp(t: TestContext, prepare: (product: KeyServer) => Promise<void> | void = () => {}) {
  const product = await KeyServer.start(t);
  await product.addKey("one");
  await prepare(product);
  const env = { ECHOO_JWKS_URL: product.url, ECHOO_JWT_ISSUER: issuer, ECHOO_JWT_AUDIENCE: audience };
  const setup = externalJwtSetup(t, env);
  const sign = (kid = "one", changes = {}) => product.sign(goodClaims(setup.clock.now(), changes), { kid });
  return { ...setup, product, sign };
}

/** Fails unless the server says that it cannot tell, and when to ask again. */
async function unavailable(setup: ExternalJwtSetup, jwt: string): Promise<void> {
  const isUnavailable = (error: unknown) =>
    error instanceof Refusal && error.code === "unavailable" && (error.retryInMs ?? 0) > 0;
  await assert.rejects(entered(setup, jwt), isUnavailable);
  assert.deepEqual(await setup.store.users.findMany([ann]), []);
}

for (const alg of ["RS256", "PS512", "ES256", "ES384", "EdDSA"]) {
  test(`a token signed with ${alg} by a published key counts`, async (t) => {
    const setup = await setUp(t, (product) => product.addKey("other", alg));
    assert.equal(await entered(setup, await setup.sign("other")), ann);
  });
}

test("a token that names no key counts if any of the published ones verifies it", async (t) => {
  const setup = await setUp(t, async (product) => {
    await product.addKey("two");
    await product.addKey("three", "RS256");
    await product.addKey("hidden", "ES256", { hidden: true });
  });
  const claims = goodClaims(setup.clock.now());
  for (const kid of ["one", "two", "three"]) {
    assert.equal(await entered(setup, await setup.product.sign(claims, { kid, unnamed: true })), ann, kid);
  }
  assert.equal(await entered(setup, await setup.product.sign(claims, { kid: "hidden", unnamed: true })), undefined);
});

test("forged tokens are refused, whatever is done with the public key", async (t) => {
  const setup = await setUp(t, (product) => product.addKey("rsa", "RS256"));
  const claims = goodClaims(setup.clock.now());
  const jwk = setup.product.publicJwk("rsa");
  const pem = await exportSPKI((await importJWK(jwk, "RS256")) as Parameters<typeof exportSPKI>[0]);
  const forged: string[] = [rawToken({ alg: "none", kid: "one" }, claims), rawToken({ kid: "one" }, claims, "AAAA")];
  for (const key of [pem, pem.trimEnd(), JSON.stringify(jwk), String(jwk.n)]) {
    for (const kid of [{}, { kid: "rsa" }, { kid: "one" }]) {
      const signed = rawToken({ alg: "HS256", ...kid }, claims).slice(0, -1);
      forged.push(`${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`);
    }
  }
  // The forger's own key, sent along.
  const forger = await KeyServer.start(t);
  await forger.addKey("one");
  forged.push(await forger.sign(claims), rawToken({ alg: "ES256", jwk: forger.publicJwk("one") }, claims, "AAAA"));
  // Or where to find it.
  for (const kid of ["one", "rsa", "unheard-of"]) {
    for (const place of ["jku", "x5u"]) {
      forged.push(rawToken({ alg: "ES256", kid, [place]: forger.url }, claims, "AAAA"));
      forged.push(await forger.sign(claims, { header: { kid, [place]: forger.url } }));
    }
  }
  for (const jwt of forged) assert.equal(await entered(setup, jwt), undefined, jwt);
  assert.equal(forger.requests, 0);
  assert.equal(await setup.store.users.find(ann), undefined);
});

test("a secret or a private key among the published ones verifies nothing", async (t) => {
  const setup = await setUp(t, (product) => {
    const secret = { kty: "oct", kid: "secret", k: Buffer.from("x".repeat(32)).toString("base64url") };
    const { keys } = product.keySet();
    product.behaviour = (response) =>
      void response.end(JSON.stringify({ keys: [secret, null, 7, ...keys.map((key) => ({ ...key, d: "AAAA" }))] }));
  });
  const signed = rawToken({ alg: "HS256", kid: "secret" }, goodClaims(setup.clock.now())).slice(0, -1);
  const hmac = createHmac("sha256", "x".repeat(32)).update(signed).digest("base64url");
  assert.equal(await entered(setup, `${signed}.${hmac}`), undefined);
  assert.equal(await entered(setup, await setup.sign()), undefined);
});

test("keys are read once, however many tokens come at once", async (t) => {
  const setup = await setUp(t);
  const jwts = await Promise.all(Array.from({ length: 20 }, (_, at) => setup.sign("one", { jti: String(at) })));
  assert.deepEqual(new Set(await Promise.all(jwts.map((jwt) => entered(setup, jwt)))), new Set([ann]));
  assert.equal(setup.product.requests, 1);
});

test("a new key counts as soon as it is published, and a forger cannot have the keys read all the time", async (t) => {
  const setup = await setUp(t, (product) => product.addKey("two", "EdDSA", { hidden: true }));
  assert.equal(await entered(setup, await setup.sign()), ann);
  assert.equal(await entered(setup, await setup.sign("two")), undefined);
  setup.product.publish("two");
  assert.equal(await entered(setup, await setup.sign("two")), ann);
  for (let made = 0; made < 50; made += 1) {
    const unknown = rawToken({ alg: "ES256", kid: `made up ${made}` }, goodClaims(setup.clock.now()), "AAAA");
    assert.equal(await entered(setup, unknown), undefined);
  }
  assert.ok(setup.product.requests <= 7, `${setup.product.requests} requests`);
  setup.clock.advance(60_000);
  await setup.product.addKey("three");
  assert.equal(await entered(setup, await setup.sign("three")), ann);
});

test("a key that was taken back counts for some minutes more, and then no longer", async (t) => {
  const setup = await setUp(t, (product) => product.addKey("two"));
  assert.equal(await entered(setup, await setup.sign()), ann);
  setup.product.withdraw("one");
  setup.clock.advance(5 * 60_000);
  // Whoever comes then does not wait for the new reading.
  assert.equal(await entered(setup, await setup.sign()), ann);
  while ((await entered(setup, await setup.sign())) !== undefined) await new Promise(setImmediate);
});

type Behaviour = NonNullable<KeyServer["behaviour"]>;
const says =
  (status: number, text: string): Behaviour =>
  (response) =>
    void response.writeHead(status).end(text);
const endless: Behaviour = (response) => {
  const more = () => {
    while (!response.destroyed && response.write(" ".repeat(64 * 1024)));
  };
  response.on("drain", more);
  more();
};
const faults: Readonly<Record<string, Behaviour | "down">> = {
  "is down": "down",
  fails: says(500, "{}"),
  "has lost them": says(404, '{"keys":[]}'),
  "says no JSON": says(200, "<html>"),
  "says something else": says(200, '{"keys":{}}'),
  "says null": says(200, "null"),
  "cuts the answer": (response) => void response.write("{", () => response.destroy()),
  "says far too much": endless,
};
for (const [what, happens] of Object.entries(faults)) {
  test(`while the key server ${what}, known keys go on, and whoever comes with another is told to try again`, async (t) => {
    const setup = await setUp(t, (product) => product.addKey("two", "ES256", { hidden: true }));
    assert.equal(await entered(setup, await setup.sign("one", { sub: "bob" })), "bob");
    if (happens === "down") await setup.product.stop();
    else setup.product.behaviour = happens;
    for (let tried = 0; tried < 20; tried += 1) await unavailable(setup, await setup.sign("two"));
    assert.ok(setup.product.requests <= 2, `${setup.product.requests} requests`);
    setup.clock.advance(10 * 60_000);
    assert.equal(await entered(setup, await setup.sign("one", { sub: "bob" })), "bob");
    await unavailable(setup, await setup.sign("two"));
    assert.equal(setup.lines.filter((line) => line.includes("cannot be read")).length, 1);
    setup.product.behaviour = undefined;
    if (happens === "down") await setup.product.listen();
    setup.product.publish("two");
    setup.clock.advance(1_000);
    assert.equal(await entered(setup, await setup.sign("two")), ann);
    assert.ok(setup.lines.some((line) => line.includes("can be read again")));
  });
}

test("keys that could not be read at the start are read with the first token that needs them", async (t) => {
  const setup = await setUp(t, (product) => product.stop());
  const jwt = await setup.sign();
  await unavailable(setup, jwt);
  await setup.product.listen();
  setup.clock.advance(1_000);
  assert.equal(await entered(setup, jwt), ann);
});

test("a key server that does not answer is given up after seconds", async (t) => {
  const asked = deferred();
  const setup = await setUp(t, (product) => {
    product.behaviour = () => asked.resolve(undefined);
  });
  const waiting = unavailable(setup, await setup.sign());
  await asked.promise;
  setup.clock.advance(4_000);
  await waiting;
});

test("a key server that trickles its answer is given up as well", async (t) => {
  const asked = deferred();
  const setup = await setUp(t, (product) => {
    product.behaviour = (response) => void response.write('{"keys":[', () => asked.resolve(undefined));
  });
  const waiting = unavailable(setup, await setup.sign());
  await asked.promise;
  setup.clock.advance(4_000);
  await waiting;
});

test("a key set of as many bytes as are read counts, and one byte more is none", async (t) => {
  for (const more of [0, 1]) {
    const setup = await setUp(t, (product) => {
      product.behaviour = (response) =>
        void response.end(JSON.stringify(product.keySet()).padEnd(keySetBytesMax + more, " "));
    });
    if (more === 0) assert.equal(await entered(setup, await setup.sign()), ann);
    else await unavailable(setup, await setup.sign());
  }
});

test("no redirect to another server is followed, not even once", async (t) => {
  const other = createServer(() => assert.fail("the redirect was followed"));
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const setup = await setUp(t, (product) => {
    product.behaviour = (response) => void response.writeHead(307, { location }).end();
  });
  await unavailable(setup, await setup.sign());
});

function deferred() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
