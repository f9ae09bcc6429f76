import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import type { RunningServer } from "../../src/composition/start-server.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { createAnnouncer } from "../../src/console/announcer.ts";

const server = {
  port: 3000,
  version: "1.2.3",
  access: "Open access is off: everybody needs a token.",
  openAddresses: [],
  isSecure: false,
} as unknown as RunningServer;
const link = "https://15551234567.example.com/?invite=AWsD3BGtU7654321-x";
const expiresAtMs = Date.parse("2026-01-01T12:15:00Z");

/** What a start writes on each stream. */
function told(env: Record<string, string>, isTTY: boolean) {
  const output = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    isTTY,
    write: (text: string) => {
      output[name] += text;
    },
  });
  const outputs = { stdout: stream("stdout"), stderr: stream("stderr"), clock: new FakeClock() };
  const announcer = createAnnouncer(readConfig(env, []), outputs);
  announcer.started(server);
  announcer.invited(link, expiresAtMs);
  return output;
}

const objectsIn = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

for (const isTTY of [true, false]) {
  test(`in development the page for people is on the standard output, ${isTTY ? "" : "not "}in a terminal`, () => {
    const { stdout, stderr } = told({}, isTTY);
    assert.match(stdout, /is listening on http:\/\/127\.0\.0\.1:3000/);
    assert.match(stdout, /Nobody is administrator yet/);
    assert.ok(stdout.includes(link));
    assert.equal(stderr, "");
  });
}

test("in production programs read one object a line, with the whole link in it", () => {
  const { stdout, stderr } = told({ NODE_ENV: "production" }, false);
  assert.equal(stderr, "");
  const [started, invited, ...more] = objectsIn(stdout);
  assert.deepEqual(more, []);
  assert.equal(started?.msg, "Echoo 1.2.3 is listening on http://127.0.0.1:3000");
  assert.deepEqual([invited?.link, invited?.expiresAt], [link, "2026-01-01T12:15:00.000Z"]);
});

test("who starts a production server in a terminal gets the page and the code beside that", () => {
  const { stdout, stderr } = told({ NODE_ENV: "production" }, true);
  assert.equal(objectsIn(stdout).length, 2);
  assert.match(stderr, /is listening/);
  assert.match(stderr, /█|▀|▄/);
});
