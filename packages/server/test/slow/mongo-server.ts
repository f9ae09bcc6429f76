import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type MongoSet, type ServerProcess, spawnServer } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { type CallLoad, passed } from "./call-load.ts";

/** The longest that a request may take while the database is away. */
const refusalMs = 6_000;
const arrivalMs = 60_000;

/** The real server, with everything in MongoDB. */
export function mongoServer(set: MongoSet, test: TestContext): Promise<ServerProcess> {
  return spawnServer({ test, env: { MONGODB_URI: set.uri, ECHOO_RATE_LIMITS: "off", ECHOO_RESUME_MS: "1000" } });
}

/** While the database is away: REST refuses at once and says when to come again, and the server stays in service. */
export async function assertDegraded(server: ServerProcess): Promise<void> {
  const startedMs = systemClock.now();
  const [history, health, ready] = await Promise.all([
    fetch(`${server.url}/api/calls/5550000001`),
    fetch(`${server.url}/api/health`),
    fetch(`${server.url}/readyz`),
  ]);
  const tookMs = systemClock.now() - startedMs;
  assert.equal(history.status, 503);
  assert.match(history.headers.get("retry-after") ?? "", /^\d+$/);
  assert.equal(((await history.json()) as { code: string }).code, "unavailable");
  assert.deepEqual([ready.status, health.status], [200, 200]);
  const said = (await health.json()) as { status: string; store: string };
  assert.deepEqual([said.status, said.store], ["degraded", "mongodb"]);
  assert.ok(tookMs < refusalMs, `the answers took ${tookMs} ms`);
}

export async function assertHealthy(server: ServerProcess): Promise<void> {
  await until("the server says that it is well", async () => {
    const health = await fetch(`${server.url}/api/health`);
    return ((await health.json()) as { status: string }).status === "ok";
  });
}

/** Waits for the records of all calls that were made, and prints and compares the counts. */
export async function assertAllRecorded(test: TestContext, set: MongoSet, load: CallLoad): Promise<void> {
  const db = set.client.db("echoo");
  const counts = async () => {
    const stored = await Promise.all(["calls", "call_samples"].map((name) => db.collection(name).countDocuments()));
    return stored as [number, number];
  };
  const { made, acknowledged } = load;
  await until("everything is recorded", async () => (await counts()).every((stored) => stored >= made.length)).catch(
    () => {},
  );
  const [calls, samples] = await counts();
  test.diagnostic(`calls made ${made.length}, acknowledged ${acknowledged.length}, recorded ${calls}`);
  const stored = await db.collection<{ _id: string }>("calls").find({}).toArray();
  const ids = new Set(stored.map(({ _id }) => _id));
  const missing = made.filter((id) => !ids.has(id)).map((id) => `${id}${acknowledged.includes(id) ? "" : " (open)"}`);
  assert.deepEqual(missing, []);
  assert.deepEqual([calls, samples], [made.length, made.length]);
}

/** Asks again and again until it is so: neither the database nor the health of a server tells of a change by itself. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = systemClock.now() + arrivalMs;
  while (!(await isSo())) {
    if (systemClock.now() > deadlineMs) throw new Error(`it does not come about within ${arrivalMs} ms: ${what}`);
    await passed(50);
  }
}
