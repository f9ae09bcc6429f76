import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { CurrentPeer, findNginx, RawPeer, requireService, spawnServer } from "@echoo/testkit";
import { askSecurely } from "../tls/ask-securely.ts";
import { certificateFolder, makeCertificate } from "../tls/made-certificate.ts";
import { ring, somebody } from "../ws/talk.ts";

/** The configuration that the guide gives, word for word but for names, ports and files. */
const guide = readFileSync(new URL("../../../../docs/guide/tls.md", import.meta.url), "utf8");
const [, given = ""] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function startNginx(t: TestContext, port: number, upstream: number): Promise<string> {
  const { folder, files, write } = certificateFolder(t);
  const made = await makeCertificate();
  write(made);
  const server = given
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace("server_name calls.example.com", "server_name localhost")
    .replace(/ssl_certificate .*;/, `ssl_certificate ${files.cert};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${files.key};`)
    .replace("127.0.0.1:3000", `127.0.0.1:${upstream}`);
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const http = `http { access_log off; ${folders.join(" ")}\n${server}\n}`;
  writeFileSync(join(folder, "nginx.conf"), `daemon off; master_process off; pid ${folder}/pid; events {}\n${http}\n`);
  const child = spawn(findNginx() ?? "", ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"]);
  let said = "";
  child.stderr.on("data", (bytes) => {
    said += String(bytes);
  });
  t.after(() => end(child));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended:\n${said}`);
    const answered = await askSecurely(port, "/livez").then(
      ({ status }) => status,
      () => undefined,
    );
    if (answered === 200) return made.cert;
    assert.equal(answered, undefined, `nginx passes nothing on: ${answered}\n${said}`);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "close");
}

describe("behind nginx, as the guide sets it up", { skip: requireService("nginx") }, () => {
  test("pages, REST and sockets work, clients are told apart by address, and foreign pages stay out", async (t) => {
    const port = await freePort();
    const origin = `https://127.0.0.1:${port}`;
    // Nobody could be registered without a gateway for codes; who gets in is no matter of this test.
    const env = { ECHOO_TRUST_PROXY: "loopback", ECHOO_PUBLIC_URL: origin, ECHOO_OPEN_ACCESS: "all" };
    const server = await spawnServer({ env, test: t });
    const ca = await startNginx(t, port, server.port);

    const page = await askSecurely(port, "/", { ca });
    assert.equal(page.status, 200);
    assert.match(String(page.headers["strict-transport-security"]), /^max-age/);
    assert.match(String(page.headers["content-security-policy"]), new RegExp(`wss://127\\.0\\.0\\.1:${port}`));

    const url = `wss://127.0.0.1:${port}/ws`;
    const join = (userId: string) => CurrentPeer.connect(url, { userId, ca, headers: { Origin: origin } });
    const [a, b] = [await join(somebody()), await join(somebody())];
    await ring({ a, b });
    for (const peer of [a, b]) peer.terminate();
    for (const foreign of ["https://evil.example", `http://127.0.0.1:${port}`, `http://127.0.0.1:${server.port}`]) {
      await assert.rejects(RawPeer.connect(url, { ca, headers: { Origin: foreign } }), /403/, foreign);
    }
    assert.deepEqual(server.faults(), []);
  });

  test("each client behind it counts by its own address, whatever it claims", async (t) => {
    const port = await freePort();
    const number = somebody();
    const env: Record<string, string> = { ECHOO_LEGACY_JOIN: "verified-address" };
    const server = await spawnServer({ env, test: t });
    const registered = await fetch(`${server.url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ phone: number }),
    });
    const { token } = (await registered.json()) as { token: string };
    env.ECHOO_TRUST_PROXY = "1";
    await server.restart();
    const ca = await startNginx(t, port, server.port);
    // The token is used from an address that only the header tells of; nginx appends the true one.
    const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": "203.0.113.5" };
    assert.equal((await askSecurely(port, "/user/profile", { ca, headers })).status, 200);
    // Past nginx, as if it came from the address that was claimed: the token was never used from there.
    const claimed = { "x-forwarded-for": "203.0.113.5" };
    const past = await RawPeer.connect(server.wsUrl, { headers: claimed, test: t });
    await assert.rejects(past.join(number), /unauthorized/);
    // And once it was, whoever merely claims that address through nginx is not let in by it.
    assert.equal((await fetch(`${server.url}/user/profile`, { headers })).status, 200);
    const same = await RawPeer.connect(server.wsUrl, { headers: claimed, test: t });
    await same.join(number);
    const through = await RawPeer.connect(`wss://127.0.0.1:${port}/`, { ca, headers: claimed, test: t });
    await assert.rejects(through.join(number), /unauthorized/);
  });
});
