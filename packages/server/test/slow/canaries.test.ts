import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "libsql";
import { Canaries, storedFiles } from "./canaries.ts";
import { goEverywhere, logsOf } from "./canary-journey.ts";
import { CanaryTour } from "./canary-tour.ts";

const { ann, annsAddress } = CanaryTour.userFacts;

test("no secret is in a log or stored in clear, with the embedded database", async (t) => {
  const canaries = new Canaries();
  const tour = await CanaryTour.start(t, canaries, {});
  let lock: Database.Database | undefined;
  await goEverywhere(tour, {
    begin: () => {
      lock = new Database(join(tour.server.data, "echoo.db"));
      lock.exec("BEGIN EXCLUSIVE");
    },
    end: () => void lock?.close(),
  });
  assert.ok(canaries.count > 25, `${canaries.count} canaries`);
  assert.deepEqual(canaries.inLogs(logsOf(tour)), []);
  const stored = storedFiles(tour.server.data);
  assert.ok(stored.some(({ name }) => name === "echoo.db"));
  assert.deepEqual(
    stored.flatMap(({ name, bytes }) => canaries.inStored(name, bytes)),
    [],
  );
  t.diagnostic(`${canaries.count} canaries in ${logsOf(tour).length} characters of logs and ${stored.length} files`);
});

/** Prints what nobody may print, from outside, as a careless line in the server would. */
const leak = `import { Server } from "node:http";
  const { emit } = Server.prototype;
  Server.prototype.emit = function (name, request, ...more) {
    if (name === "request") console.log(request.headers.authorization, request.headers["x-forwarded-for"]);
    return emit.call(this, name, request, ...more);
  };`;

test("a server that prints a token and an address is found out", async (t) => {
  const canaries = new Canaries();
  const options = `--import=data:text/javascript,${encodeURIComponent(leak)}`;
  const tour = await CanaryTour.start(t, canaries, { NODE_OPTIONS: options });
  await tour.tellOfPeople(await tour.proveByCode(ann, annsAddress));
  await tour.server.kill("SIGTERM");
  const found = new Set(canaries.inLogs(logsOf(tour)).map((each) => each.split(":", 1)[0]));
  assert.deepEqual(found, new Set(["Ann's address", "a token", "the metrics' token"]));
});
