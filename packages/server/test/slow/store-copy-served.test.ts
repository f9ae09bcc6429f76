import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openSqliteStore } from "@echoo/storage";
import { openMongoStore } from "@echoo/storage/mongodb";
import { pause, requireService, spawnServer } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { copyFixture } from "./copy-fixture.ts";
import { number } from "./grown-store.ts";
import { storeFile } from "./store-file.ts";

describe("what echoo store copy has copied", { skip: requireService("mongodb") }, () => {
  const fixture = copyFixture();

  it("brings along what waits in the journal of a server that was killed, and the copy serves the same pages", async (t) => {
    const { copy, database, uri } = fixture();
    const target = database("served");
    const server = await spawnServer({ test: t, env: { ECHOO_RATE_LIMITS: "off" } });
    await fetch(`${server.url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ phone: "5550001", displayName: "Ann" }),
    });
    const place = `sqlite:${server.data}`;
    const busy = await copy(place, target.place);
    assert.equal(busy.code, 1);
    assert.match(busy.stderr, /echoo\.db is in use by another process: a server that runs.*Stop it first/);
    await server.kill("SIGKILL");
    await storeFile("leave", join(server.data, "echoo.db"));
    const copied = await copy(place, target.place);
    assert.equal(copied.code, 0, copied.stderr);
    assert.match(copied.stderr, /1 calls and 0 batches of statistics that waited in .*journal\.db are stored/);
    const page = async (url: string) => (await fetch(`${url}/api/calls/5550001`)).text();
    await server.start();
    const before = await page(server.url);
    await server.kill("SIGTERM");
    const other = await spawnServer({ test: t, env: { MONGODB_URI: uri, ECHOO_DB: target.name } });
    assert.equal(await page(other.url), before);
    assert.match(before, /waiting/);
    assert.match(before, /stored/);
  });

  it("keeps the order of a history and what was seen and hidden", async () => {
    const { copy, database, sqlite, uri } = fixture();
    const [there, target] = [sqlite("pages"), database("pages")];
    await storeFile("fill", there.file, "3000");
    assert.equal((await copy(there.place, target.place)).code, 0);
    const stores = [
      openSqliteStore({ pause, file: there.file }),
      openMongoStore({ pause, uri, database: target.name, clock: systemClock, onAway() {}, onReady() {} }),
    ];
    const viewers = ["+491", "+492", "__proto__", number(3), number(1003)];
    const [before, now] = await Promise.all(
      stores.map((store) =>
        Promise.all(
          viewers.map((viewer) =>
            Promise.all([store.calls.page({ viewer, limit: 50 }), store.calls.unseenMissed(viewer)]),
          ),
        ),
      ),
    );
    await Promise.all(stores.map((store) => store.close()));
    assert.deepEqual(now, before);
    assert.ok((before?.[0]?.[0].calls.length ?? 0) > 5);
  });
});
