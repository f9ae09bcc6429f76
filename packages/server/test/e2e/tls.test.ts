import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, type TestContext, test } from "node:test";
import { CurrentPeer, RawPeer, spawnServer } from "@echoo/testkit";
import { askSecurely } from "../tls/ask-securely.ts";
import { certificateFolder, type Made, makeCertificate } from "../tls/made-certificate.ts";
import { ring, somebody, talk } from "../ws/talk.ts";
import { runToItsEnd } from "./start-server-process.ts";

const fingerprintOf = ({ cert }: Made) => new X509Certificate(cert).fingerprint256;

/** The real server with a certificate in files that the test may change. */
async function secureServer(t: TestContext, env: Record<string, string> = {}) {
  const made = await makeCertificate();
  const { files, write } = certificateFolder(t);
  write(made);
  const server = await spawnServer({ env: { TLS_CERT: files.cert, TLS_KEY: files.key, ...env }, test: t });
  return { server, made, write, url: `https://127.0.0.1:${server.port}`, wsUrl: `wss://127.0.0.1:${server.port}/ws` };
}

describe("a server with a certificate", () => {
  test("speaks HTTPS and WSS on PORT, says so, and tells browsers to stay there", async (t) => {
    const { server, made, wsUrl } = await secureServer(t);
    assert.ok(await server.said(new RegExp(`listening on https://127\\.0\\.0\\.1:${server.port}\\b`)));
    assert.ok(await server.said(new RegExp(`WebSocket +wss://127\\.0\\.0\\.1:${server.port}/ws`)));
    const page = await askSecurely(server.port, "/", { ca: made.cert });
    assert.equal(page.status, 200);
    assert.match(String(page.headers["strict-transport-security"]), /^max-age=31536000/);
    assert.match(String(page.headers["content-security-policy"]), /upgrade-insecure-requests/);
    const local = await askSecurely(server.port, "/", { ca: made.cert, headers: { host: "localhost:3000" } });
    assert.equal(local.headers["strict-transport-security"], undefined, "a browser would remember it for every port");
    const plain = await fetch(server.url);
    assert.deepEqual([plain.status, (await plain.text()).includes(`https://127.0.0.1:${server.port}/`)], [400, true]);
    await assert.rejects(RawPeer.connect(server.wsUrl), /400/);

    const [a, b] = await Promise.all(
      [somebody(), somebody()].map((userId) => CurrentPeer.connect(wsUrl, { userId, ca: made.cert })),
    );
    assert.ok(a && b);
    await ring({ a, b });
    for (const peer of [a, b]) peer.terminate();
    const metrics = await askSecurely(server.port, "/metrics");
    const expires = /^echoo_tls_certificate_expires_seconds (\d+)$/m.exec(metrics.text)?.[1];
    assert.equal(Number(expires) * 1000, Date.parse(new X509Certificate(made.cert).validTo));
  });

  test("answers to the names of its certificate, and to those of the next one instead", async (t) => {
    const { server, write } = await secureServer(t);
    const statusFor = async (host: string) =>
      (await askSecurely(server.port, "/api/health", { headers: { host } })).status;
    assert.equal(await statusFor("calls.example.com"), 421);
    write(await makeCertificate({ names: ["calls.example.com", "*.calls.example.com"] }));
    await server.said(/a new TLS certificate is in use/);
    assert.equal(await statusFor("calls.example.com"), 200);
    assert.equal(await statusFor("a.calls.example.com"), 200);
    assert.equal(await statusFor("evil.example"), 421);
  });

  test("takes a new certificate while a call goes on, which does not notice", async (t) => {
    const { server, made, write, wsUrl } = await secureServer(t);
    const { a, b, callId } = await talk(server, { url: wsUrl, a: { ca: made.cert }, b: { ca: made.cert } });
    assert.equal((await askSecurely(server.port, "/livez")).fingerprint, fingerprintOf(made));
    const next = await makeCertificate();
    write(next);
    await server.said(/a new TLS certificate is in use/);
    assert.equal((await askSecurely(server.port, "/livez", { ca: next.cert })).fingerprint, fingerprintOf(next));
    a.send({ type: "chat", to: b.joined.userId, callId, message: "still here" });
    assert.equal((await b.next("chat")).message, "still here");
    await assert.rejects(RawPeer.connect(wsUrl, { ca: made.cert }), /self.signed|certificate/i);
    const late = await RawPeer.connect(wsUrl, { ca: next.cert, test: t });
    await late.join(somebody(), { protocol: 2 });
    for (const peer of [a, b]) peer.terminate();
  });

  test("reads it again on SIGHUP, and lives on", async (t) => {
    const { server, made } = await secureServer(t);
    const { pid } = server;
    process.kill(pid, "SIGHUP");
    await server.said(/was read again and is the same/);
    assert.equal((await askSecurely(server.port, "/livez", { ca: made.cert })).status, 200);
    assert.equal(server.pid, pid);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  });

  test("a page of the same host that came without TLS may not connect", async (t) => {
    const { server, url, wsUrl, made } = await secureServer(t);
    const connect = (origin: string) => RawPeer.connect(wsUrl, { headers: { Origin: origin }, ca: made.cert, test: t });
    await connect(url);
    for (const origin of [server.url, `${url}1`, "https://127.0.0.1", "null", `${url}.evil.example`]) {
      await assert.rejects(connect(origin), /403/, origin);
    }
  });
});

test("without a certificate SIGHUP ends the server in order", async (t) => {
  const server = await spawnServer({ test: t });
  assert.deepEqual(await server.kill("SIGHUP"), { code: 0, signal: null });
  assert.ok(await server.said(/shutting down/));
});

describe("a certificate that is of no use", { concurrency: 2 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "echoo-tls-faults-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const start = (env: Record<string, string>) =>
    runToItsEnd({ PORT: "0", ECHOO_DATA: join(folder, "data"), ECHOO_DEV_HTTPS_PORT: "off", ...env });

  test("ends the start with 1 and in words, before anything is opened", async () => {
    const [one, other] = await Promise.all([makeCertificate(), makeCertificate()]);
    const [TLS_CERT, TLS_KEY] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(TLS_CERT, one.cert);
    writeFileSync(TLS_KEY, other.key);
    for (const [env, fault] of [
      [{ TLS_CERT }, /TLS_CERT is set without TLS_KEY/],
      [{ TLS_KEY }, /TLS_KEY is set without TLS_CERT/],
      [{ TLS_CERT, TLS_KEY }, /TLS_KEY: .*key\.pem is not the key of the certificate/],
      [{ TLS_CERT: join(folder, "none.pem"), TLS_KEY }, /TLS_CERT names .*none\.pem, which is not there/],
    ] as const) {
      const { code, stdout, stderr } = await start(env);
      assert.deepEqual([code, stdout], [1, ""], stderr);
      assert.match(stderr, fault);
      assert.doesNotMatch(stderr, /\n\s+at /, "a stack says nothing to whoever sets the server up");
    }
  });
});
