import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withDeadline } from "../../platform.ts";
import { findRedis, type RedisKind } from "../programs/find-redis.ts";

const startDeadlineMs = 30_000;
/** A primary that is silent for so long is taken for dead. */
const downAfterMs = 500;
const name = "echoo";

/** A primary, its replica, and one sentinel that watches them, on free ports of loopback. */
export class SentinelSet {
  readonly name = name;
  readonly #path: string;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];
  #ports: readonly number[] = [];

  static async start(kind: RedisKind): Promise<SentinelSet> {
    const path = findRedis(kind);
    if (path === undefined) throw new Error(`There is no ${kind}-server: ask requireService first.`);
    const set = new SentinelSet(path, await mkdtemp(join(tmpdir(), "echoo-sentinel-")));
    try {
      await set.#start();
      return set;
    } catch (error) {
      await set.stop();
      throw error;
    }
  }

  private constructor(path: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
  }

  /** As REDIS_SENTINELS has it. */
  get sentinels(): readonly string[] {
    return [`127.0.0.1:${this.#ports[2]}`];
  }

  /** Ends the first primary as a power cut would. */
  killPrimary(): void {
    this.#children[0]?.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(killed));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    this.#ports = await freePorts(3);
    const [primary, replica, sentinel] = this.#ports;
    const plain = ["--bind", "127.0.0.1", "--dir", this.#folder, "--save", "", "--appendonly", "no"];
    await this.#spawn([...plain, "--port", String(primary), "--repl-diskless-sync-delay", "0"], "eady to accept");
    const follows = ["--port", String(replica), "--replicaof", "127.0.0.1", String(primary)];
    // Valkey says replica and primary where Redis says replica and MASTER.
    await this.#spawn([...plain, ...follows], "sync: Finished with success");
    const file = join(this.#folder, "sentinel.conf");
    const watches = [
      `port ${sentinel}`,
      "bind 127.0.0.1",
      `dir ${this.#folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${primary} 1`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} 5000`,
    ];
    await writeFile(file, `${watches.join("\n")}\n`);
    // It fails over to replicas that it knows alone.
    await this.#spawn([file, "--sentinel"], "+slave slave");
  }

  async #spawn(args: readonly string[], sign: string): Promise<void> {
    const child = spawn(this.#path, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#children.push(child);
    running.add(child);
    let output = "";
    const outcome = new Promise<boolean>((resolve) => {
      child.once("error", () => resolve(false));
      child.once("exit", () => {
        running.delete(child);
        resolve(false);
      });
      child.stdout?.on("data", (chunk: Buffer) => {
        output = (output + String(chunk)).slice(-16_384);
        if (output.includes(sign)) resolve(true);
      });
    });
    const told = () => `${this.#path} ${args.join(" ")} did not say "${sign}":\n${output}`;
    if (!(await withDeadline(outcome, startDeadlineMs, told))) throw new Error(told());
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Ports that nobody had a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A test file that ends early takes its servers with it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
