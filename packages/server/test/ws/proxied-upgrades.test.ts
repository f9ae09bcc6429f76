import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawPeer, spawnServer } from "@echoo/testkit";
import { tokenOf } from "../e2e/ask.ts";
import { somebody } from "./talk.ts";

const home = "203.0.113.5";
const elsewhere = "198.51.100.9";

/** What the proxies say of the join, after the number's token was used from `home`, and whether it is let in. */
const table: Readonly<Record<string, readonly (readonly [string | undefined, boolean])[]>> = {
  // One proxy: it alone is believed, and it appends what it saw.
  "1": [
    [home, true],
    [elsewhere, false],
    [undefined, false],
    [`${home}, ${elsewhere}`, false],
    [`${elsewhere}, ${home}`, true],
    [`${home},`, false],
    ["unknown", false],
    [`${home}:4711`, true],
    [`"${home}:4712"`, true],
    [`${elsewhere}:4711`, false],
  ],
  // Two: the last but one is the client's.
  "2": [
    [`${home}, 10.0.0.1`, true],
    [`${elsewhere}, ${home}, 10.0.0.1`, true],
    [`${home}, ${elsewhere}, 10.0.0.1`, false],
  ],
  loopback: [
    [home, true],
    [`${home}, ${elsewhere}`, false],
    [`${home}, 127.0.0.1`, true],
  ],
};

describe("who is behind a proxy is told of an upgrade as of a request", { concurrency: 2 }, () => {
  for (const [trusted, rows] of Object.entries(table)) {
    test(`with ECHOO_TRUST_PROXY=${trusted}`, async (t) => {
      const number = somebody();
      const env: Record<string, string> = { ECHOO_LEGACY_JOIN: "verified-address" };
      const server = await spawnServer({ env, test: t });
      const token = await tokenOf(server, number);
      Object.assign(env, { ECHOO_TRUST_PROXY: trusted });
      await server.restart();
      const seenAtHome = trusted === "2" ? `${home}, 10.0.0.1` : home;
      const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": seenAtHome };
      assert.equal((await fetch(`${server.url}/user/profile`, { headers })).status, 200);
      const hidden = { ...headers, "x-forwarded-for": "unknown" };
      assert.equal((await fetch(`${server.url}/user/profile`, { headers: hidden })).status, 200);
      for (const [forwarded, isLetIn] of rows) {
        const told: Record<string, string> = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
        const peer = await RawPeer.connect(server.wsUrl, { headers: told, test: t });
        if (isLetIn) await peer.join(number);
        else await assert.rejects(peer.join(number), /unauthorized/, `X-Forwarded-For: ${forwarded}`);
        peer.terminate();
      }
    });
  }
});
