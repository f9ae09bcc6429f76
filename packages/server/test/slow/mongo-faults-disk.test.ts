import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { requireService, spawnServer, startMongoSet } from "@echoo/testkit";
import { CallLoad } from "./call-load.ts";
import { assertAllRecorded, assertDegraded, assertHealthy } from "./mongo-server.ts";

const diskBytes = 8 * 1024 * 1024;
/** What is left when the disk is as good as full: the journal grows past it within a few calls. */
const leftBytes = 64 * 1024;

const saysSo = /the journal cannot be written: calls go on/;

describe("the journal's disk is full while MongoDB is away", { skip: requireService("mongod") || needsRoot() }, () => {
  test("calls go on, the log and health say so, and everything is recorded once there is room", async (t) => {
    const disk = smallDisk(t);
    const set = await startMongoSet({ nodes: 1, test: t });
    const env = { MONGODB_URI: set.uri, ECHOO_DATA: disk, ECHOO_RATE_LIMITS: "off", ECHOO_RESUME_MS: "1000" };
    const server = await spawnServer({ test: t, env });
    const load = await CallLoad.join(server, 8);
    await load.make(10);
    await set.node.kill();
    const filler = join(disk, "something-else");
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - leftBytes));
    for (let rounds = 0; !saysSo.test(server.output()); rounds++) {
      assert.ok(rounds < 40, "the disk never fills up");
      await load.make(20);
    }
    const before = load.acknowledged.length;
    await load.make(40);
    assert.ok(load.acknowledged.length >= before + 40, "calls do not go on");
    await assertDegraded(server);
    await set.node.startAgain();
    await load.make(10);
    // The database alone does not make it well: what happens now would not outlive a crash.
    const health = (await (await fetch(`${server.url}/api/health`)).json()) as { status: string };
    assert.equal(health.status, "degraded");
    rmSync(filler);
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    const beyond = server.faults().filter((line) => !/journal/.test(line));
    assert.deepEqual(beyond, []);
  });
});

/** A disk of its own in memory; it goes with the test. */
function smallDisk(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "echoo-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder]);
  test.after(() => {
    execFileSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  });
  return folder;
}

function needsRoot(): false | string {
  if (process.getuid?.() === 0) return false;
  const reason = "only root may mount a disk of its own";
  if (process.env.CI === "true") throw new Error(`${reason}; under CI=true nothing is skipped.`);
  return reason;
}
