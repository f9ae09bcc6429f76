import assert from "node:assert/strict";
import { test } from "node:test";
import { banner } from "../src/banner.ts";

const server = { port: 3000, version: "1.2.3", access: "Open access: …", openAddresses: ["192.168.1.5", "fd00::5"] };
const config = { host: "0.0.0.0", publicUrl: undefined, dataDir: "./data" };

test("the banner names the addresses under which the machine's own network may use it", () => {
  const text = banner(config, server);
  assert.match(text, /^Echoo 1\.2\.3 is listening on http:\/\/127\.0\.0\.1:3000 \(and 0\.0\.0\.0\)\n/);
  for (const address of ["http://192.168.1.5:3000/", "ws://192.168.1.5:3000/ws", "http://[fd00::5]:3000/"]) {
    assert.ok(text.includes(address), address);
  }
});

test("on one address it names no other", () => {
  const text = banner({ ...config, host: "127.0.0.1" }, server);
  assert.ok(!text.includes("192.168.1.5"));
  assert.ok(!text.includes("0.0.0.0"));
});

test("behind a public address people are sent there", () => {
  const text = banner({ ...config, publicUrl: "https://calls.example.com" }, server);
  assert.match(text, /Web phone +https:\/\/calls\.example\.com\/\n/);
  assert.match(text, /WebSocket +wss:\/\/calls\.example\.com\/ws\n/);
  assert.ok(!text.includes("192.168.1.5"));
});
