import assert from "node:assert/strict";
import { test } from "node:test";
import { banner } from "../../src/console/banner.ts";
import { terminalQr } from "../../src/console/terminal-qr.ts";

const plain = {
  port: 3000,
  version: "1.2.3",
  access: "Open access: …",
  openAddresses: ["192.168.1.5", "fd00::5"],
  isSecure: false,
  ownHttps: undefined,
};
const fingerprint = "AB:CD:EF";
const ownHttps = { isOpen: true, port: 3443, fingerprint, addresses: ["192.168.1.5", "fd00::5"] } as const;
const config = { host: "0.0.0.0", publicUrl: undefined, dataDir: "./data", openAccess: "local" } as const;

test("the banner names the addresses under which the machine's own network may use it", () => {
  const text = banner(config, plain, false);
  assert.match(text, /^Echoo 1\.2\.3 is listening on http:\/\/127\.0\.0\.1:3000 \(and 0\.0\.0\.0\)\n/);
  for (const address of ["http://192.168.1.5:3000/", "ws://192.168.1.5:3000/ws"]) {
    assert.ok(text.includes(address), address);
  }
  assert.ok(!text.includes("https:"));
  assert.ok(!text.includes("fd00::5"), "0.0.0.0 is IPv4 alone");
  assert.ok(banner({ ...config, host: "::" }, plain, false).includes("http://[fd00::5]:3000/"));
});

test("on one address it names no other", () => {
  const text = banner({ ...config, host: "127.0.0.1" }, plain, false);
  assert.ok(!text.includes("192.168.1.5"));
  assert.ok(!text.includes("0.0.0.0"));
});

test("behind a public address people are sent there", () => {
  const text = banner({ ...config, publicUrl: "https://calls.example.com" }, plain, false);
  assert.match(text, /Web phone +https:\/\/calls\.example\.com\/\n/);
  assert.match(text, /Dashboard +https:\/\/calls\.example\.com\/admin\/\n/);
  assert.match(text, /WebSocket +wss:\/\/calls\.example\.com\/ws\n/);
  assert.ok(!text.includes("192.168.1.5"));
});

test("with a certificate everything is https and wss", () => {
  const text = banner(config, { ...plain, isSecure: true }, false);
  assert.match(text, /listening on https:\/\/127\.0\.0\.1:3000 /);
  assert.match(text, /WebSocket +wss:\/\/127\.0\.0\.1:3000\/ws\n +wss:\/\/192\.168\.1\.5:3000\/ws\n/);
  assert.doesNotMatch(text, /http:|ws:/);
});

test("HTTPS for development comes with each address, the fingerprint, and a code of the likeliest for a phone", () => {
  for (const isTerminal of [false, true]) {
    const text = banner(config, { ...plain, ownHttps }, isTerminal);
    assert.ok(text.includes("\n    https://192.168.1.5:3443/\n    https://[fd00::5]:3443/\n"));
    assert.ok(text.includes(`\n    ${fingerprint}\n`));
    const code = terminalQr("https://192.168.1.5:3443/", isTerminal).map((line) => `    ${line}\n`);
    assert.ok(text.includes(code.join("")));
  }
});

test("the banner of a server that is open to no other machine tells of invitations", () => {
  const closed = { ...plain, openAddresses: [], ownHttps };
  assert.match(banner(config, closed, false), /same network:\n.*npx echoo invite/);
  assert.doesNotMatch(banner({ ...config, openAccess: "all" }, closed, false), /npx echoo invite/);
  assert.doesNotMatch(banner(config, { ...plain, ownHttps }, false), /npx echoo invite/);
});

test("without an address that others reach there is no code, and HTTPS is on the machine itself", () => {
  const text = banner({ ...config, host: "127.0.0.1" }, { ...plain, ownHttps: { ...ownHttps, addresses: [] } }, false);
  assert.match(text, /HTTPS +https:\/\/127\.0\.0\.1:3443\/\n/);
  assert.ok(text.includes(fingerprint));
  assert.doesNotMatch(text, /[▀▄█]/);
});

test("where HTTPS cannot be had the banner says why, and which setting helps", () => {
  const why = "port 3443 is taken by another program";
  const text = banner(config, { ...plain, ownHttps: { isOpen: false, why } }, false);
  assert.match(text, /port 3443 is taken[\s\S]*ECHOO_DEV_HTTPS_PORT/);
});
