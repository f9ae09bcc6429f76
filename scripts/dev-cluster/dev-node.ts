import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { root } from "../setup/root.mjs";

const startLimitMs = 60_000;
const graceMs = 15_000;
const askEveryMs = 100;
const shownLines = 15;

export interface DevNode {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** The file that it writes what it says to. */
  readonly log: string;
  readonly isRunning: boolean;
  /** Told of the last lines that it said. */
  onEnd(run: (said: string) => void): void;
  stop(): Promise<void>;
}

interface NodePlan {
  readonly name: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** For its data and its log. */
  readonly folder: string;
}

/** Starts a built server, and resolves once it serves. */
export async function startDevNode({ name, port, env, folder }: NodePlan): Promise<DevNode> {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "log");
  const output = openSync(log, "a");
  const child = spawn(process.execPath, ["packages/server/dist/main.js"], {
    ...{ cwd: root, env: { ...process.env, ...env, ECHOO_DATA: join(folder, "data") } },
    stdio: ["ignore", output, output],
  });
  let isRunning = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isRunning = false;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  const said = () => readFileSync(log, "utf8").trimEnd().split("\n").slice(-shownLines).join("\n");
  const url = `http://localhost:${port}`;
  for (let waitedMs = 0; !(await isReady(url)); waitedMs += askEveryMs) {
    if (!isRunning || waitedMs > startLimitMs) {
      child.kill("SIGKILL");
      throw new Error(`Node ${name} did not start:\n${said()}`);
    }
    await pass(askEveryMs);
  }
  return {
    ...{ name, url, pid: child.pid ?? 0, log },
    get isRunning() {
      return isRunning;
    },
    onEnd: (run) => void ended.then(() => run(said())),
    async stop() {
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
