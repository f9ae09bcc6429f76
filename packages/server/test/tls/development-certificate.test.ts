import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { developmentCertificate } from "../../src/tls/development-certificate.ts";

const dayMs = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 5, 1);
const own = { names: ["localhost", "nas", "nas.local"], addresses: ["127.0.0.1", "::1", "192.168.1.20", "fd12::1"] };

function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-own-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, file: join(folder, "data", "development-https.pem") };
}

test("the server's own certificate names the machine and its addresses, for a year, and for TLS alone", async (t) => {
  const { folder, file } = place(t);
  const { leaf, startsAtMs, expiresAtMs } = await developmentCertificate(file, own, nowMs);
  for (const name of own.names) assert.equal(leaf.checkHost(name), name);
  for (const address of own.addresses) assert.equal(leaf.checkIP(address), address);
  assert.equal(leaf.checkHost("example.com"), undefined);
  assert.equal(leaf.ca, false);
  assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  assert.ok(startsAtMs <= nowMs - dayMs, "a phone whose clock is behind takes it too");
  assert.equal(expiresAtMs - nowMs, 365 * dayMs);
  assert.deepEqual(readdirSync(join(folder, "data")), ["development-https.pem"]);
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("it is kept as long as it names the machine and does not end", async (t) => {
  const { file } = place(t);
  const first = await developmentCertificate(file, own, nowMs);
  const later = await developmentCertificate(file, own, nowMs + 357 * dayMs);
  const fewer = await developmentCertificate(file, { ...own, addresses: ["127.0.0.1"] }, nowMs);
  const otherIpv6 = { ...own, addresses: ["127.0.0.1", "fd12::99"] };
  const moved = await developmentCertificate(file, otherIpv6, nowMs);
  for (const same of [later, fewer, moved]) assert.equal(same.leaf.fingerprint256, first.leaf.fingerprint256);
});

for (const [what, change] of [
  ["its last week begins", { atMs: nowMs + 359 * dayMs }],
  ["the machine has another address", { own: { ...own, addresses: ["192.168.2.7"] } }],
  ["the machine has another name", { own: { ...own, names: ["laptop"] } }],
  ["its file is damaged", { damage: true }],
] as const) {
  test(`it is made anew when ${what}`, async (t) => {
    const { file } = place(t);
    const first = await developmentCertificate(file, own, nowMs);
    if ("damage" in change) writeFileSync(file, "-----BEGIN CERTIFICATE-----");
    const wanted = "own" in change ? change.own : own;
    const atMs = "atMs" in change ? change.atMs : nowMs;
    const next = await developmentCertificate(file, wanted, atMs);
    assert.notEqual(next.leaf.fingerprint256, first.leaf.fingerprint256);
    assert.ok(next.expiresAtMs > atMs + 300 * dayMs);
    for (const name of wanted.names) assert.equal(next.leaf.checkHost(name), name);
    const again = await developmentCertificate(file, wanted, atMs);
    assert.equal(again.leaf.fingerprint256, next.leaf.fingerprint256);
  });
}

test("a machine of very many addresses gets one for the first of them, and keeps it", async (t) => {
  const { file } = place(t);
  const addresses = Array.from({ length: 200 }, (_, index) => `10.0.0.${index}`);
  const { leaf } = await developmentCertificate(file, { ...own, addresses }, nowMs);
  const again = await developmentCertificate(file, { ...own, addresses }, nowMs);
  assert.equal(again.leaf.fingerprint256, leaf.fingerprint256);
  assert.equal(leaf.checkHost("localhost"), "localhost");
  assert.ok((leaf.subjectAltName?.split(", ").length ?? 0) <= 64);
});
