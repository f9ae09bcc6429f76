import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { EchooRest } from "@echoo/client";
import { FreshProject } from "../../packages/fresh-project.ts";
import { ensurePacked } from "../../packages/pack.ts";

const startLimitMs = 60_000;

/** Starts it as its user does, and resolves with where it listens. */
async function start(project: FreshProject): Promise<{ readonly program: ChildProcess; readonly url: string }> {
  const env = { ...process.env, HOST: "127.0.0.1", PORT: "0", ECHOO_DEV_HTTPS_PORT: "off", ECHOO_DATA: "./data" };
  const program = spawn(process.execPath, ["node_modules/.bin/echoo"], { cwd: project.folder, env, stdio: "pipe" });
  let output = "";
  const signal = AbortSignal.timeout(startLimitMs);
  for (;;) {
    const [chunk] = await Promise.race([
      once(program.stdout, "data", { signal }),
      once(program, "exit", { signal }).then(() => {
        throw new Error(`It ended: ${output}`);
      }),
    ]);
    output += String(chunk);
    const port = /\blistening\b.*127\.0\.0\.1:(\d+)\b/.exec(output)?.[1];
    if (port !== undefined) return { program, url: `http://127.0.0.1:${port}` };
  }
}

describe("echoo as it is published", { timeout: 240_000 }, () => {
  let project: FreshProject;
  before(async () => {
    const { echoo } = await ensurePacked();
    project = await FreshProject.with([]);
    // What others publish comes from npm's cache where this checkout was installed by npm.
    await project.npm("install", "--prefer-offline", "--omit=dev", echoo);
  });
  after(() => project?.remove());

  it("says its version and its commands", async () => {
    const { version } = JSON.parse(readFileSync(join(project.folder, "node_modules/echoo/package.json"), "utf8"));
    assert.equal(await project.npm("exec", "--offline", "--", "echoo", "--version"), `${version}\n`);
    assert.match(await project.npm("exec", "--offline", "--", "echoo", "--help"), /echoo invite/);
  });

  it("starts what `npm start` starts: the phone, the API with its pages, a store", async () => {
    const { program, url } = await start(project);
    try {
      const page = await (await fetch(url)).text();
      assert.match(page, /<script type="module"[^>]* src="\/assets\//);
      assert.equal((await fetch(`${url}/docs`)).status, 200);
      assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
      const registered = await new EchooRest({ baseUrl: url }).register({ body: { phone: "5551234567" } });
      assert.ok("token" in registered);
    } finally {
      const ended = once(program, "exit");
      program.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null]);
    }
  });
});
