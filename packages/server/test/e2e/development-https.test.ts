import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CurrentPeer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { askSecurely } from "../tls/ask-securely.ts";
import { certificateFolder, makeCertificate } from "../tls/made-certificate.ts";
import { ring, somebody } from "../ws/talk.ts";
import { ask } from "./ask.ts";

const any = { ECHOO_DEV_HTTPS_PORT: "0" };

const httpsPortOf = async (server: ServerProcess): Promise<number | undefined> =>
  (await ask(server, "GET /api/health")).body.httpsPort;

describe("HTTPS for development", { concurrency: 2 }, () => {
  test("is the same server, with a certificate of its own that it shows in its banner and keeps", async (t) => {
    const server = await spawnServer({ env: any, test: t });
    const port = (await httpsPortOf(server)) ?? assert.fail("health names no port");
    const ca = readFileSync(join(server.data, "development-https.pem"), "utf8");
    const { fingerprint256 } = new X509Certificate(ca);
    assert.ok(server.output().includes(fingerprint256));
    assert.ok(await server.said(new RegExp(`https://127\\.0\\.0\\.1:${port}/`)));

    const page = await askSecurely(port, "/", { ca });
    assert.deepEqual([page.status, page.fingerprint], [200, fingerprint256]);
    assert.equal(page.headers["strict-transport-security"], undefined);
    assert.doesNotMatch(String(page.headers["content-security-policy"]), /upgrade-insecure/);

    // Somebody on each of both ports, neither with a token.
    const phone = somebody();
    const registered = await askSecurely(port, "/api/auth/register", { ca, method: "POST", body: { phone } });
    assert.equal(registered.status, 201, registered.text);
    const a = await CurrentPeer.connect(`wss://127.0.0.1:${port}/ws`, { userId: phone, ca });
    const b = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    await ring({ a, b });
    for (const peer of [a, b]) peer.terminate();

    await server.restart();
    const again = (await httpsPortOf(server)) ?? assert.fail();
    assert.equal((await askSecurely(again, "/livez", { ca })).fingerprint, fingerprint256);
  });

  test("takes a free port of its own with PORT=0, unless it is told one", async (t) => {
    const server = await spawnServer({ env: { ECHOO_DEV_HTTPS_PORT: "" }, test: t });
    const port = await httpsPortOf(server);
    assert.ok(port !== undefined && port !== 3443 && port !== server.port, `${port}`);
  });

  test("gives up its connections when the server drains", async (t) => {
    const server = await spawnServer({ env: any, test: t });
    const port = await httpsPortOf(server);
    const ca = readFileSync(join(server.data, "development-https.pem"), "utf8");
    const a = await CurrentPeer.connect(`wss://127.0.0.1:${port}/ws`, { userId: somebody(), ca });
    const stopping = server.kill("SIGTERM");
    await a.next("goaway");
    assert.equal((await a.closed()).code, 1012);
    assert.deepEqual(await stopping, { code: 0, signal: null });
  });

  test("on a port that is taken is a note in the banner, and no fault", async (t) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    t.after(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const server = await spawnServer({ env: { ECHOO_DEV_HTTPS_PORT: String(port) }, test: t });
    await server.said(/ECHOO_DEV_HTTPS_PORT sets another/);
    assert.ok(server.output().includes(`port ${port} is taken by another program`));
    assert.equal(await httpsPortOf(server), undefined);
  });

  for (const [what, env] of Object.entries({
    "switched off": { ECHOO_DEV_HTTPS_PORT: "off" },
    "in production": { ...any, NODE_ENV: "production" },
  })) {
    test(`${what} there is none`, async (t) => {
      const server = await spawnServer({ env, test: t });
      assert.equal(await httpsPortOf(server), undefined);
      // The banner's lines are indented; a warning may well speak of HTTPS.
      assert.doesNotMatch(server.output(), /^ .*https:|SHA-256/m);
    });
  }

  test("with a certificate there is none besides", async (t) => {
    const { files, write } = certificateFolder(t);
    write(await makeCertificate());
    const server = await spawnServer({ env: { ...any, TLS_CERT: files.cert, TLS_KEY: files.key }, test: t });
    const { text } = await askSecurely(server.port, "/api/health");
    assert.equal(JSON.parse(text).httpsPort, undefined);
    assert.ok(await server.said(/"level":"warn".*ECHOO_DEV_HTTPS_PORT has no effect with TLS_CERT/));
  });

  test("lets in pages of its own alone, over HTTPS alone", async (t) => {
    const server = await spawnServer({ env: any, test: t });
    const port = (await httpsPortOf(server)) ?? assert.fail();
    const ca = readFileSync(join(server.data, "development-https.pem"), "utf8");
    const connect = async (url: string, origin: string) => {
      const trust = url.startsWith("wss") ? { ca } : {};
      const peer = await RawPeer.connect(url, { headers: { Origin: origin }, test: t, ...trust });
      peer.terminate();
    };
    const [secure, plain] = [`127.0.0.1:${port}`, `127.0.0.1:${server.port}`];
    await connect(`wss://${secure}/ws`, `https://${secure}`);
    await connect(`ws://${plain}/ws`, `http://${plain}`);
    for (const [url, origin] of [
      [`wss://${secure}/ws`, `http://${secure}`],
      [`wss://${secure}/ws`, `http://${plain}`],
      [`wss://${secure}/ws`, `https://${plain}`],
      [`ws://${plain}/ws`, `https://${secure}`],
      [`ws://${plain}/ws`, `http://${secure}`],
    ] as const) {
      await assert.rejects(connect(url, origin), /403/, `${url} from ${origin}`);
    }
  });
});

test("an invitation is made for the address that has HTTPS", async (t) => {
  const server = await spawnServer({ env: { ...any, ECHOO_PROOF: "invite" }, test: t });
  const port = await httpsPortOf(server);
  const [, link = ""] = await server.said(/(https?:\/\/\S+\/\?invite=[\w-]+)/);
  assert.equal(new URL(link).protocol, "https:");
  assert.equal(new URL(link).port, String(port));
});
