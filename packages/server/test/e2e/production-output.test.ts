import assert from "node:assert/strict";
import { test } from "node:test";
import { RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask } from "./ask.ts";

/** What it wrote on both streams, each line as the object that it must be. */
function linesOf(server: ServerProcess): Record<string, unknown>[] {
  const lines = server.output().split("\n");
  assert.equal(lines.pop(), "", "the last line has no end");
  return lines.map((line) => {
    const value = JSON.parse(line);
    assert.ok(
      typeof value.level === "string" && typeof value.msg === "string" && !Number.isNaN(Date.parse(value.time)),
      line,
    );
    return value;
  });
}

for (const level of ["debug", "info", "silent"]) {
  test(`in production every line is one JSON object, from the start to the end, at the level ${level}`, async (t) => {
    const env = {
      NODE_ENV: "production",
      ECHOO_LOG_LEVEL: level,
      ECHOO_PUBLIC_URL: "https://calls.example.com",
      // What it warns of goes the same way.
      ECHOO_OPEN_ACCESS: "local",
    };
    const server = await spawnServer({ env, test: t });
    const [, token = ""] = await server.said(/"link":"https:\/\/calls\.example\.com\/\?invite=([\w-]+)"/);
    const [started, invited] = ["is listening", "nobody is administrator yet"].map((text) =>
      linesOf(server).find(({ msg }) => String(msg).includes(text)),
    );
    assert.equal(started?.webPhone, "https://calls.example.com/");
    assert.equal(started?.webSocket, "wss://calls.example.com/ws");
    assert.equal(started?.access, "Open access is off: everybody needs a token.");
    assert.ok(Date.parse(String(invited?.expiresAt)) > Date.parse(String(invited?.time)));
    const body = { phone: "5551000001", invite: token };
    assert.equal((await ask(server, "POST /api/auth/register", { body })).status, 201, "the link is good");

    assert.equal((await ask(server, "GET /nowhere")).status, 404);
    const stranger = await RawPeer.connect(server.wsUrl);
    stranger.send({ type: "join", userId: "5551000002" });
    await stranger.next("error");
    const foreign = await RawSocket.connect(server.url, t);
    assert.equal(await foreign.upgrade("/", { Origin: "https://evil.example" }), 403);
    await server.kill("SIGTERM");
    const lines = linesOf(server);
    if (level === "silent") assert.equal(lines.length, 2);
    else assert.ok(lines.some(({ msg }) => msg === "shutting down"));
  });
}
