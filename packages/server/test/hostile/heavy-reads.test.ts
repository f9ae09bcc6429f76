import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "@echoo/storage";
import { endedCall, pause, type ServerProcess, spawnServer } from "@echoo/testkit";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { systemClock } from "../../src/composition/platform.ts";
import { tokenOf } from "../e2e/ask.ts";
import { describeTimes, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

const callsEach = 20_000;
const pairs = [
  ["5558880001", "5558880002"],
  ["5558880003", "5558880004"],
] as const;
const program = fileURLToPath(new URL("read-histories.ts", import.meta.url));

/** Four people, each with 20,000 calls within a year, and what both sides measured of each. */
async function longHistories(file: string): Promise<void> {
  const store = openSqliteStore({ pause, file });
  const { statistics } = store.tables({ nowMs: 0 }).tables;
  const nowMs = systemClock.now();
  for (const [caller, callee] of pairs) {
    for (let from = 0; from < callsEach; from += 1_000) {
      const calls = Array.from({ length: 1_000 }, (_, i) =>
        endedCall(`${caller} ${from + i}`, { caller, callee, createdAtMs: nowMs - (from + i + 1) * 1_500_000 }),
      );
      await store.calls.record(calls);
      await statistics.put(
        calls.flatMap(({ callId }) =>
          [caller, callee].map((reporter) => ({
            ...{ callId, reporter, updatedAtMs: nowMs },
            summary: { mosModel: "g107-1" as const, samples: 30, coveredMs: 60_000, mos: { p50: 4.1, p5: 3.3 } },
          })),
        ),
      );
    }
  }
  await store.close();
}

/** The longest that the server's event loop stood still since it was last asked, as it says itself. */
async function longestStallMs(server: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return Math.round(Number(/^echoo_nodejs_eventloop_lag_max_seconds (\S+)/m.exec(metrics)?.[1]) * 1000);
}

/** Reads of everybody's whole history, over and over, until they are told to end; how many rounds there were. */
function readHistories(t: TestContext, server: ServerProcess, readers: readonly object[]) {
  const args = [server.url, JSON.stringify(readers), String(callsEach)];
  const child = fork(program, args, { execArgv: ["--conditions=source", "--import", "tsx"], stdio: "inherit" });
  t.after(() => child.kill());
  const done = once(child, "message").then(([told]) => told as { rounds: number; chars: number });
  return {
    async end() {
      child.send("end");
      const [code] = await Promise.all([once(child, "exit").then(([exit]) => exit), done]);
      assert.equal(code, 0, "a history was not read");
      return done;
    },
  };
}

test("four exports and four statistics of 20,000 calls at once, over and over, hold up no other user", async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  await longHistories(join(folder.path, "echoo.db"));
  // The file was made past the store under test.
  const server = await spawnServer({ env: { ECHOO_DATA: folder.path, MONGODB_URI: "" }, test: t });
  await witnessCall(server);
  const tokens = pairs.flat().map(async (phone) => ({ phone, token: await tokenOf(server, phone) }));
  const readers = await Promise.all(tokens);
  const without = await setUpTimes(server, Promise.resolve(), 200);
  t.diagnostic(`without: ${describeTimes(without)}`);
  await longestStallMs(server);
  const reading = readHistories(t, server, readers);
  // The first calls are made while that process starts.
  const during = (await setUpTimes(server, Promise.resolve(), 400)).slice(100);
  const stallMs = await longestStallMs(server);
  const { rounds, chars } = await reading.end();
  t.diagnostic(`meanwhile: ${describeTimes(during)}; longest stall of the event loop ${stallMs} ms`);
  t.diagnostic(`${rounds} rounds of reading, ${Math.round(chars / 2 ** 20)} MiB`);
  const p99 = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? 0;
  t.diagnostic(`p99 with the readers is ${(p99(during) / p99(without)).toFixed(1)} times that without`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});
