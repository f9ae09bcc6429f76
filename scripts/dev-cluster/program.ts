import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, RedisProcess, requireService, startMongoSet } from "@echoo/testkit";
import { say } from "../setup/say.mjs";
import { type DevNode, startDevNode } from "./dev-node.ts";

/** Of this process alone: everything is thrown away at its end. */
const secret = "of a system that is thrown away at its end";

/** What ends, the last that was started first. */
const steps: (() => unknown)[] = [];
let isStopping = false;

async function stop(code: number): Promise<never> {
  isStopping = true;
  for (const step of steps.reverse()) await step();
  process.exit(code);
}

async function start(): Promise<void> {
  for (const service of ["mongod", "valkey"] as const) {
    const missing = requireService(service);
    if (missing !== false) throw new Error(missing);
  }
  const folder = mkdtempSync(join(tmpdir(), "echoo-cluster-"));
  steps.push(() => rmSync(folder, { recursive: true, force: true }));
  const mongo = await startMongoSet({ nodes: 1 });
  steps.push(() => mongo.stop());
  const valkey = await RedisProcess.start("valkey", { tcp: true });
  steps.push(() => valkey.stop());
  const shared = { MONGODB_URI: mongo.uri, REDIS_URL: valkey.url, ECHOO_SECRET: secret, ECHOO_DRAIN_MS: "2000" };
  const first = Number(process.env.PORT ?? 3000);
  const nodes: DevNode[] = [];
  for (const [at, name] of ["one", "two"].entries()) {
    const port = first === 0 ? await freePort() : first + at;
    // A browser of a phone wants HTTPS, for which `npm run dev` is the place.
    const env = { ...shared, PORT: String(port), ECHOO_NODE_ID: name, ECHOO_DEV_HTTPS_PORT: "off" };
    const node = await startDevNode({ name, port, env, folder: join(folder, name) });
    steps.push(() => node.stop());
    nodes.push(node);
    node.onEnd((said) => {
      if (isStopping) return;
      say(
        `Node ${name} has ended. Its calls go on at the other one; nothing starts it again here. Its last lines:\n${said}`,
      );
      if (nodes.every(({ isRunning }) => !isRunning)) void stop(1);
    });
  }
  say("Two nodes are one system, over a MongoDB and a Valkey of their own:");
  for (const { name, url, pid, log } of nodes) say(`  ${name}  ${url}  process ${pid}, log ${log}`);
  say("Use another number at each, and call from one to the other; `kill -9` one of them in the middle of a call.");
  say("Ctrl-C stops all four, and throws away what they stored.");
}

process.once("disconnect", () => void stop(0));
start().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return stop(1);
});
