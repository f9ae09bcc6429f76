import assert from "node:assert/strict";
import { test } from "node:test";
import { idle } from "../../src/scenarios/idle.ts";
import { join } from "../../src/scenarios/join.ts";
import { offers } from "../../src/scenarios/offers.ts";
import { presence } from "../../src/scenarios/presence.ts";
import { relayGrowth } from "../../src/scenarios/relay-growth.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of joins counts what the last to come cost, at each size", async () => {
  const report = await join(smoke, { users: [6, 12], batch: 3 });
  assert.deepEqual(
    report.rows.map(([server, users]) => `${server} ${users}`),
    ["raw relay 6", "raw relay 12", "Echoo 6", "Echoo 12"],
  );
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of idle connections looks at plain ones and at TLS", async () => {
  const report = await idle(smoke, { users: [4, 8], seconds: 1 });
  const servers = ["raw relay", "Echoo", "PeerServer", "Socket.IO", "raw relay, TLS", "Echoo, TLS"];
  assert.deepEqual([...new Set(report.rows.map(([server]) => server))], servers);
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of presence sees that those who watch are told", async () => {
  const report = await presence(smoke, { users: [10, 20], contacts: 3, joinsPerSec: 10 });
  const { Echoo: figures } = report.data as { Echoo: Record<string, number> };
  assert.ok((figures["entries at 20"] ?? 0) > 0, "a user who comes online is news to those who watch already");
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of offers gets its answer from behind them", async () => {
  const report = await offers(smoke, { offers: [10, 20] });
  assert.equal(report.rows.length, 4);
  assert.ok(figuresOf(report.data).every((figure) => figure > 0));
});

test("the bench of relay's growth exchanges candidates while others are online", async () => {
  const report = await relayGrowth(smoke, { users: [6, 12], pairs: 2, bursts: 2 });
  assert.deepEqual(
    report.rows.map(([server, users]) => `${server} ${users}`),
    ["raw relay 6", "raw relay 12", "Echoo 6", "Echoo 12"],
  );
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});
