import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { OperationQueue } from "../src/connection/operation-queue.ts";

describe("the queue of a call", () => {
  it("never lets operations interleave, however long each takes and whether it fails", async () => {
    const operation = fc.record({ turns: fc.nat(5), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 20 }), async (operations) => {
        const queue = new OperationQueue();
        const log: string[] = [];
        const results = operations.map(({ turns, fails }, at) =>
          queue.run(async () => {
            log.push(`start ${at}`);
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            log.push(`end ${at}`);
            if (fails) throw new Error(`failed ${at}`);
            return at;
          }),
        );
        const outcomes = await Promise.allSettled(results);
        assert.deepEqual(
          log,
          operations.flatMap((_, at) => [`start ${at}`, `end ${at}`]),
        );
        assert.deepEqual(
          outcomes.map(({ status }) => status === "rejected"),
          operations.map(({ fails }) => fails),
        );
      }),
    );
  });

  it("runs nothing that still waits when it is closed", async () => {
    const queue = new OperationQueue();
    const log: string[] = [];
    const first = queue.run(async () => {
      log.push("first");
      queue.close();
    });
    const second = queue.run(() => log.push("second"));
    await first;
    await assert.rejects(second, { code: "call_ended" });
    await assert.rejects(
      queue.run(() => log.push("third")),
      { code: "call_ended" },
    );
    assert.deepEqual(log, ["first"]);
  });

  it("takes 512 operations and refuses the next", async () => {
    const queue = new OperationQueue();
    let release = () => {};
    const all = [queue.run(() => new Promise<void>((resolve) => (release = resolve)))];
    await Promise.resolve();
    for (let at = 0; at < 512; at += 1) all.push(queue.run(() => {}));
    await assert.rejects(
      queue.run(() => {}),
      { code: "rate_limited" },
    );
    release();
    await Promise.all(all);
  });
});
