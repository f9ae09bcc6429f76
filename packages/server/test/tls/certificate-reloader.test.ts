import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { FakeClock } from "@echoo/testkit";
import { createLogger } from "../../src/observability/logging.ts";
import { CertificateReloader } from "../../src/tls/certificate-reloader.ts";
import type { CertificateFiles } from "../../src/tls/read-certificate.ts";
import { certificateFolder, type Made, makeCertificate } from "./made-certificate.ts";

const dayMs = 24 * 3_600_000;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly fault?: string;
}

/** A keeper over real files and a real TLS server; only time is scripted. */
async function keep(t: TestContext, files: CertificateFiles, clock = new FakeClock(Date.now())) {
  const lines: Line[] = [];
  let told = () => {};
  const logger = createLogger("info", {
    write(line) {
      lines.push(JSON.parse(line) as Line);
      told();
    },
  });
  const expiries: number[] = [];
  const onUse = (expiresAtMs: number) => void expiries.push(expiresAtMs);
  const keeper = await CertificateReloader.open({ files, clock, logger, onUse });
  const server = createServer({ ...keeper.current.context }, (_request, response) => response.end());
  keeper.serve(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    keeper.stop();
    server.closeAllConnections();
    server.close();
    assert.equal(clock.pendingTimers, 0);
  });
  /** Lets the keeper look at its files, and waits for what it says of them. */
  async function look(): Promise<Line> {
    const next = new Promise<void>((resolve) => {
      told = resolve;
    });
    clock.advance(1_000);
    await next;
    return lines.at(-1) ?? assert.fail();
  }
  return { keeper, server, clock, lines, look, expiries };
}

async function shownBy(server: Server): Promise<string> {
  const socket = await connected(server);
  const shown = `${socket.getPeerX509Certificate()?.toString()}`;
  socket.destroy();
  return shown;
}

async function connected(server: Server): Promise<TLSSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  return socket;
}

/** What the certificate looks like to a client. */
const shown = ({ cert }: Made) => cert;

test("a certificate that is replaced file by file is used once both fit; connections go on as they are", async (t) => {
  const [old, next] = await Promise.all([makeCertificate(), makeCertificate({ toDays: 90 })]);
  const { files, put, write } = certificateFolder(t);
  write(old);
  const { server, look, expiries } = await keep(t, files);
  assert.equal(await shownBy(server), shown(old));
  const open = await connected(server);

  put(files.cert, next.cert);
  const waiting = await look();
  assert.deepEqual([waiting.level, waiting.msg.includes("stays as it is")], ["warn", true]);
  assert.match(waiting.fault ?? "", /TLS_KEY: .*key\.pem is not the key/);
  assert.equal(await shownBy(server), shown(old));

  put(files.key, next.key);
  const used = await look();
  assert.deepEqual([used.level, used.msg], ["info", "a new TLS certificate is in use"]);
  assert.equal(await shownBy(server), shown(next));
  assert.equal(expiries.length, 2);

  open.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [answer] = (await once(open, "data")) as [Buffer];
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
  open.destroy();
});

test("the key may come first, bytes may be written in place, and a half-written file is waited for", async (t) => {
  const [old, next] = await Promise.all([makeCertificate(), makeCertificate()]);
  const { files, write } = certificateFolder(t);
  write(old);
  const { server, look } = await keep(t, files);
  writeFileSync(files.key, next.key);
  assert.match((await look()).fault ?? "", /TLS_KEY/);
  writeFileSync(files.cert, next.cert.slice(0, 200));
  assert.match((await look()).fault ?? "", /TLS_CERT: .* no certificate/);
  writeFileSync(files.cert, next.cert);
  assert.equal((await look()).msg, "a new TLS certificate is in use");
  assert.equal(await shownBy(server), shown(next));
});

test("files that vanish change nothing, and count again when they are back", async (t) => {
  const [old, next] = await Promise.all([makeCertificate(), makeCertificate()]);
  const { files, write } = certificateFolder(t);
  write(old);
  const { server, look } = await keep(t, files);
  rmSync(files.cert);
  assert.match((await look()).fault ?? "", /which is not there/);
  assert.equal(await shownBy(server), shown(old));
  write(next);
  assert.equal((await look()).msg, "a new TLS certificate is in use");
  assert.equal(await shownBy(server), shown(next));
});

test("symlinks that are turned to other files are followed, as certbot and Kubernetes turn them", async (t) => {
  const { folder } = certificateFolder(t);
  const versions = await Promise.all([makeCertificate(), makeCertificate()]);
  for (const [index, { cert, key }] of versions.entries()) {
    mkdirSync(join(folder, `version-${index}`));
    writeFileSync(join(folder, `version-${index}`, "tls.crt"), cert);
    writeFileSync(join(folder, `version-${index}`, "tls.key"), key);
  }
  const turnTo = (version: string) => {
    symlinkSync(version, join(folder, "current.new"));
    renameSync(join(folder, "current.new"), join(folder, "current"));
  };
  turnTo("version-0");
  const files = { cert: join(folder, "current/tls.crt"), key: join(folder, "current/tls.key") };
  const { server, look } = await keep(t, files);
  turnTo("version-1");
  assert.equal((await look()).msg, "a new TLS certificate is in use");
  assert.equal(await shownBy(server), shown(versions[1]));
});

test("when told to, it reads at once, and says where nothing changed", async (t) => {
  const [old, next] = await Promise.all([makeCertificate(), makeCertificate()]);
  const { files, write } = certificateFolder(t);
  write(old);
  const { keeper, server, lines } = await keep(t, files);
  keeper.reload();
  assert.match(lines.at(-1)?.msg ?? "", /is the same/);
  write(next);
  keeper.reload();
  assert.equal(await shownBy(server), shown(next));
});

test("a certificate that ends within 14 days is told of once a day, until it is replaced", async (t) => {
  const { files, write } = certificateFolder(t);
  const clock = new FakeClock(Date.now());
  write(await makeCertificate({ nowMs: clock.now(), toDays: 15 }));
  const { keeper, lines } = await keep(t, files, clock);
  const warnings = () => lines.filter(({ level }) => level === "warn").map(({ msg }) => msg);
  assert.deepEqual(warnings(), []);
  clock.advance(2 * dayMs);
  const defer = "TLS_CERT expires within 14 days: renew it";
  assert.deepEqual(warnings(), [defer, defer]);
  clock.advance(14 * dayMs);
  assert.match(warnings().at(-1) ?? "", /TLS_CERT has expired/);
  const before = warnings().length;
  write(await makeCertificate({ nowMs: clock.now(), toDays: 60 }));
  keeper.reload();
  clock.advance(30 * dayMs);
  assert.equal(warnings().length, before);
});

for (const [what, dates, warning] of [
  ["has expired", { fromDays: -30, toDays: -1 }, /TLS_CERT has expired: clients refuse it/],
  ["is not valid yet", { fromDays: 2, toDays: 30 }, /TLS_CERT is not valid yet/],
] as const) {
  test(`one that ${what} is used all the same, with a warning`, async (t) => {
    const { files, write } = certificateFolder(t);
    const made = await makeCertificate(dates);
    write(made);
    const { server, lines } = await keep(t, files);
    assert.match(lines[0]?.msg ?? "", warning);
    assert.equal(await shownBy(server), shown(made));
  });
}

test("one that was stopped reads nothing again, whoever asks for it", async (t) => {
  const { files, write } = certificateFolder(t);
  write(await makeCertificate());
  const { keeper, clock, expiries } = await keep(t, files);
  keeper.stop();
  write(await makeCertificate());
  keeper.reload();
  assert.deepEqual([expiries.length, clock.pendingTimers], [1, 0]);
});
