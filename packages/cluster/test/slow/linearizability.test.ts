import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { findPorcupine, RedisProcess, requireService } from "@echoo/testkit";
import { faults, type History, LockHistories } from "../linearizability/lock-histories.ts";

/** ECHOO_HISTORIES_OF_LOCKS=1000 makes more of them, ECHOO_HISTORIES_SEED others. */
const histories = Number(process.env.ECHOO_HISTORIES_OF_LOCKS ?? 42);
const firstSeed = Number(process.env.ECHOO_HISTORIES_SEED ?? 1);

/** What porcupine says of each: `name Ok|Illegal|Unknown operations`. */
async function judged(all: readonly History[]): Promise<readonly string[]> {
  const checker = spawn(findPorcupine() ?? "", { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  checker.stdout.on("data", (chunk: Buffer) => {
    said += String(chunk);
  });
  const ended = new Promise((resolve) => checker.once("close", resolve));
  checker.stdin.end(all.map((history) => `${JSON.stringify(history)}\n`).join(""));
  await ended;
  return said.trimEnd().split("\n");
}

function place(client: number, id: number, call: number, output: string, callee = 1) {
  return { client, call, return: call + 2, op: "place", id, caller: 0, callee, output };
}

describe("the user lock", { skip: requireService("valkey") || requireService("porcupine") }, () => {
  let server: RedisProcess;
  let folder: string;
  before(async () => {
    server = await RedisProcess.start("valkey");
    folder = mkdtempSync(join(tmpdir(), "echoo-histories-"));
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("of real processes is linearizable under faults that lose no data", async () => {
    const processes = new LockHistories(server, folder);
    await processes.start();
    const made: History[] = [];
    try {
      for (let at = 0; at < histories; at += 1) {
        made.push(await processes.make(firstSeed + at, faults[at % faults.length] ?? "none"));
      }
    } finally {
      processes.stop();
    }
    const verdicts = await judged(made);
    const bad = verdicts.filter((verdict) => verdict.split(" ")[1] !== "Ok");
    assert.deepEqual(bad, []);
    assert.equal(verdicts.length, histories);
    const steps = made.map(({ ops }) => ops.length);
    assert.ok(Math.min(...steps) > 20, `a history of ${Math.min(...steps)} steps says little`);
  });

  test("that is given twice, freed by another's end, or told of a call that is over is found out", async () => {
    const end = { client: 1, call: 4, return: 6, op: "end", id: 1, caller: 0, callee: 2, output: "ok" };
    const verdicts = await judged([
      { name: "held", ops: [place(0, 0, 1, "placed"), place(1, 1, 4, "held 0", 2)] },
      { name: "twice", ops: [place(0, 0, 1, "placed"), place(1, 1, 4, "placed", 2)] },
      { name: "overlapping", ops: [place(0, 0, 1, "placed"), place(1, 1, 2, "placed", 2)] },
      { name: "freed", ops: [place(0, 0, 1, "placed"), end, place(0, 2, 7, "placed")] },
      {
        name: "over",
        ops: [place(0, 0, 1, "placed"), { ...end, client: 0, id: 0, callee: 1 }, place(1, 1, 7, "held 0", 2)],
      },
    ]);
    assert.deepEqual(
      verdicts.map((verdict) => verdict.split(" ").slice(0, 2).join(" ")),
      ["held Ok", "twice Illegal", "overlapping Illegal", "freed Illegal", "over Illegal"],
    );
  });
});
